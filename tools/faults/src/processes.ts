import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

/** The processes that work for a store, by their ids; undefined where there is none. */
export interface Processes {
  /** The local server, which holds the worker. */
  readonly worker: number | undefined;
  /** The compute child of the worker. */
  readonly child: number | undefined;
  /** Temporal's development server. */
  readonly server: number | undefined;
}

/** Looks them up in /proc, as a person would with ps. */
export function processesOf(store: string): Processes {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), args: argumentsOf(Number(name)) }));
  const worker = all.find(({ args }) => args.includes('run') && args.includes('server') && args.includes(store))?.pid;
  const database = join(store, 'temporal', 'temporal.sqlite');
  const server = all.find(({ args }) => args.includes('start-dev') && args.includes(database))?.pid;
  const child = all.find(({ pid, args }) => isChild(args) && parentOf(pid) === worker)?.pid;
  return { worker, child: worker === undefined ? undefined : child, server };
}

/**
 * The compute child of a store's worker, found without a look at every process: the local server's file names the worker,
 * and the system knows its children.
 */
export function childOf(store: string): number | undefined {
  const state = read(join(store, 'temporal', 'server.json'));
  if (state === '') return undefined;
  const { pid } = JSON.parse(state) as { pid: number };
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
  return children.find((child) => isChild(argumentsOf(child)));
}

/** Ids of all processes whose command line or open files name a folder: nothing may be left once a run has ended. */
export function processesNaming(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => [...argumentsOf(pid), ...openFiles(pid)].some((text) => text.includes(folder)));
}

/** What a process has open, as paths. Empty when it is gone. */
export function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return listing(folder).flatMap((fd) => {
    try {
      return [readlinkSync(join(folder, fd))];
    } catch {
      return []; // closed meanwhile
    }
  });
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  return argumentsOf(pid).join('') !== '';
}

/** Whether a process was stopped, by SIGSTOP. */
export function isStopped(pid: number): boolean {
  return /^State:\tT/m.test(read(`/proc/${pid}/status`));
}

/** Whether SIGTERM waits for a process that was stopped; or it is gone, by SIGKILL. */
export function isToldToEnd(pid: number): boolean {
  const pending = /^ShdPnd:\t(\w+)$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return pending === undefined || ((Number.parseInt(pending, 16) >> (constants.signals.SIGTERM - 1)) & 1) === 1;
}

/** Sends a signal; a process that is gone already needs none. */
export function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isChild(args: readonly string[]): boolean {
  return args.some((arg) => /\/worker\/(dist|src)\/child\.(js|ts)$/.test(arg));
}

function argumentsOf(pid: number): string[] {
  return read(`/proc/${pid}/cmdline`).split('\0');
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`); // the fields after the name's last ")": state, parent, …
  return stat === '' ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process is gone
  }
}

/** Names in a folder; none if it is gone. */
export function listing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
