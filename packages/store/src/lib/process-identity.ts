import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Names one process for good: its id alone is given to another one later. */
export interface ProcessIdentity {
  /** Within one machine process ids mean the same: containers that share a host name do not share these. */
  readonly host: string;
  readonly pid: number;
  readonly start: string;
}

export async function thisProcess(): Promise<ProcessIdentity> {
  return { host: await machine(), pid: process.pid, start: (await startOf(process.pid)) ?? '' };
}

/** Whether a process lives; undefined when it is one of another machine, which cannot be asked. A zombie is dead. */
export async function isRunning({ host, pid, start }: ProcessIdentity): Promise<boolean | undefined> {
  return host === (await machine()) ? (await startOf(pid)) === start : undefined;
}

async function machine(): Promise<string> {
  return `${hostname()} ${await readlink('/proc/self/ns/pid').catch(() => '')}`;
}

/** When a process started; undefined when it is dead. Outside Linux only whether it lives is known. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return isAlive(pid) ? 'alive' : undefined;
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // proc(5): the fields after the command's name, which ends at the last ")", are the state, … and 19 later the start.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ');
  return fields?.[0] === 'Z' ? undefined : fields?.[19];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
