import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { RunStore, StageLock, thisProcess, writeFileAtomic } from '@radiotracer/store';
import { buildId } from './build-id.ts';
import { UnreachableError } from './errors.ts';
import { findLocalServer, startTimeoutMs, stateFile, type LocalServer } from './local-server.ts';

/** So long may a worker take to say good-bye to a server that is no longer there. */
const farewellMs = 5000;

/**
 * Runs the local server of a store in this process until SIGINT or SIGTERM.
 *
 * @throws UnreachableError when another process serves the store, or when the Temporal server ended by itself
 */
export async function runLocalServer(store: string, onReady: (server: LocalServer) => void): Promise<void> {
  const { runWorker, startDevServer } = await import('@radiotracer/worker');
  const lock = await claim(store);
  try {
    const dev = await startDevServer({ dbFile: join(store, 'temporal', 'temporal.sqlite'), ui: true });
    try {
      const worker = await runWorker({ address: dev.address });
      const { address, uiAddress = '' } = dev;
      const server = { ...(await thisProcess()), address, uiAddress, build: await buildId() };
      await writeFileAtomic(stateFile(store), `${JSON.stringify(server)}\n`);
      onReady(server);
      const cause = await Promise.race([worker.done, dev.ended]);
      if (cause === undefined) return;
      await Promise.race([worker.stop(), setTimeout(farewellMs)]);
      throw new UnreachableError(`the Temporal server at ${address} ${cause}`);
    } finally {
      await rm(stateFile(store), { force: true });
      await dev.stop();
    }
  } finally {
    await lock.release();
  }
}

/** Makes this process the one that serves a store. One that ends just now is waited for. */
async function claim(store: string): Promise<StageLock> {
  const other = await findLocalServer(store);
  if (other) throw new UnreachableError(`process ${other.pid} serves ${store} already`);
  await RunStore.open(store); // closed to others, if it is new
  const signal = AbortSignal.timeout(startTimeoutMs);
  return StageLock.acquire(join(store, 'temporal', 'lock'), signal).catch((cause: unknown) => {
    throw signal.aborted ? new UnreachableError(`another process serves ${store}`, { cause }) : cause;
  });
}
