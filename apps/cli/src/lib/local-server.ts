import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { isRunning, RunStore } from '@radiotracer/store';
import { EnvironmentError, exitCodes, UnreachableError } from './errors.ts';

/*
 * The local server: one background process for each store folder, with Temporal's development server (its state is an
 * SQLite file in the store) and a worker. It lives apart from the command that started it, so that a run goes on when
 * that command is killed. Here is how commands find, start and stop it; `run-local-server.ts` is the process itself.
 */

const localServerSchema = z.object({
  host: z.string(),
  pid: z.int().positive(),
  start: z.string(),
  address: z.string(),
  uiAddress: z.string(),
  /** Of the program that it runs, see `buildId`. */
  build: z.string(),
});
/** Where the local server of a store answers, and which process it is. */
export type LocalServer = z.infer<typeof localServerSchema>;

/** A process that starts or ends is given so long. */
export const startTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;

/** Written whole once the server answers; it means nothing after the process that it names has ended. */
export const stateFile = (store: string): string => join(store, 'temporal', 'server.json');
const logFile = (store: string): string => join(store, 'logs', 'server.log');

/** The local server that runs for a store, if one does. A damaged note of one is as good as none: its lock guards. */
export async function findLocalServer(store: string): Promise<LocalServer | undefined> {
  const text = await readFile(stateFile(store), 'utf8').catch(() => '');
  const server = parsed(text);
  return server && (await isRunning(server)) ? server : undefined;
}

function parsed(text: string): LocalServer | undefined {
  try {
    return localServerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * The local server of a store: the one that runs, or else a new one in the background.
 *
 * @throws UnreachableError when it does not start, EnvironmentError when that is for want of something on this machine;
 *   the message ends with the last line of its log
 */
export async function ensureLocalServer(store: string): Promise<{ server: LocalServer; isNew: boolean }> {
  const running = await findLocalServer(store);
  if (running) return { server: running, isNew: false };

  await RunStore.open(store); // closed to others, if it is new
  await mkdir(join(store, 'logs'), { recursive: true });
  const log = await open(logFile(store), 'a');
  const [main = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, main, 'server', 'run', '--store', store], {
    detached: true, // Ctrl-C in this terminal is not for it
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  child.unref();
  child.once('error', () => undefined);
  const hasEnded = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

  for (const deadline = Date.now() + startTimeoutMs; Date.now() < deadline; await setTimeout(100)) {
    const server = await findLocalServer(store);
    if (server) {
      const isNew = server.pid === child.pid;
      if (!isNew) child.kill(); // Another one, started at the same moment, was faster.
      return { server, isNew };
    }
    if (hasEnded()) break;
  }
  const lastLine = (await readFile(logFile(store), 'utf8')).trim().split('\n').at(-1);
  const why = hasEnded() ? lastLine?.replace('error: ', '') : `it was not ready after ${startTimeoutMs / 1000} s`;
  const message = `the local Temporal server did not start: ${why} (log: ${logFile(store)})`;
  child.kill();
  throw child.exitCode === exitCodes.environment ? new EnvironmentError(message) : new UnreachableError(message);
}

/** Ends the local server of a store, and waits until it is gone. Its workflows go on when it is started again. */
export async function stopLocalServer(server: LocalServer): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (await isRunning(server)) sendSignal(server.pid, signal);
    for (const deadline = Date.now() + stopTimeoutMs; Date.now() < deadline; await setTimeout(50)) {
      if (!(await isRunning(server))) return;
    }
  }
  throw new EnvironmentError(`process ${server.pid}, the local server at ${server.address}, does not end`);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ended by itself meanwhile
  }
}
