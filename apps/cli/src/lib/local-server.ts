import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { writeFileAtomic } from '@radiotracer/store';
import { UnreachableError } from './errors.ts';

/*
 * The local server: one background process for each store folder, with Temporal's development server (its state is an
 * SQLite file in the store) and a worker. It lives apart from the command that started it, so that a run goes on when
 * that command is killed.
 */

/** Where the local server of a store answers. */
export interface LocalServer {
  readonly pid: number;
  readonly address: string;
  readonly uiAddress: string;
}

const startTimeoutMs = 60_000;

const stateFile = (store: string): string => join(store, 'temporal', 'server.json');
const logFile = (store: string): string => join(store, 'logs', 'server.log');

/** The local server that runs for a store, if one does. */
export async function findLocalServer(store: string): Promise<LocalServer | undefined> {
  const state = await readState(store);
  return state?.address !== undefined && isAlive(state.pid) ? (state as LocalServer) : undefined;
}

/**
 * The local server of a store: the one that runs, or else a new one in the background.
 *
 * @throws UnreachableError when it does not start; the message ends with the last line of its log
 */
export async function ensureLocalServer(store: string): Promise<{ server: LocalServer; isNew: boolean }> {
  const running = await findLocalServer(store);
  if (running) return { server: running, isNew: false };

  await mkdir(join(store, 'logs'), { recursive: true });
  const log = await open(logFile(store), 'w');
  const [main = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, main, 'server', 'run', '--store', store], {
    detached: true, // Ctrl-C in this terminal is not for it
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  child.unref();
  let hasEnded = false;
  child.once('exit', () => (hasEnded = true)).once('error', () => (hasEnded = true));

  for (const deadline = Date.now() + startTimeoutMs; Date.now() < deadline; await setTimeout(100)) {
    const server = await findLocalServer(store);
    if (server) return { server, isNew: server.pid === child.pid };
    // It may have ended because another one, started at the same moment, was faster.
    if (hasEnded && !(await isClaimed(store))) break;
  }
  const lastLine = (await readFile(logFile(store), 'utf8')).trim().split('\n').at(-1);
  throw new UnreachableError(
    `the local Temporal server did not start: ${lastLine?.replace('error: ', '')} (log: ${logFile(store)})`,
  );
}

/** Ends the local server of a store, and waits until it is gone. Its workflows go on when it is started again. */
export async function stopLocalServer(server: LocalServer): Promise<void> {
  process.kill(server.pid, 'SIGTERM');
  while (isAlive(server.pid)) await setTimeout(50);
}

/** Runs the local server in this process until SIGINT or SIGTERM. */
export async function runLocalServer(store: string, onReady: (server: LocalServer) => void): Promise<void> {
  const { runWorker, startDevServer } = await import('@radiotracer/worker');
  await claim(store);
  try {
    const dev = await startDevServer({ dbFile: join(store, 'temporal', 'temporal.sqlite'), ui: true });
    try {
      const worker = await runWorker({ address: dev.address });
      const server = { pid: process.pid, address: dev.address, uiAddress: dev.uiAddress ?? '' };
      await writeFileAtomic(stateFile(store), JSON.stringify(server));
      onReady(server);
      await worker.done;
    } finally {
      await dev.stop();
    }
  } finally {
    await rm(stateFile(store), { force: true });
  }
}

/** Makes this process the one that serves a store, before the server is there. */
async function claim(store: string): Promise<void> {
  await mkdir(join(store, 'temporal'), { recursive: true });
  const state = await readState(store);
  if (state && isAlive(state.pid)) throw new UnreachableError(`process ${state.pid} serves ${store} already`);
  await rm(stateFile(store), { force: true });
  await writeFile(stateFile(store), JSON.stringify({ pid: process.pid }), { flag: 'wx' });
}

async function isClaimed(store: string): Promise<boolean> {
  const state = await readState(store);
  return state !== undefined && isAlive(state.pid);
}

async function readState(store: string): Promise<(Partial<LocalServer> & Pick<LocalServer, 'pid'>) | undefined> {
  try {
    return JSON.parse(await readFile(stateFile(store), 'utf8'));
  } catch {
    return undefined; // none, or half of one: its process died while it wrote
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
