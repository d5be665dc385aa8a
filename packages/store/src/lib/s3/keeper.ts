/**
 * The thread that holds a lock in a bucket and mirrors the scratch folder, while native code blocks the main thread for
 * seconds at a time: a checkpoint of 90 MB would go out at some 200 kB a training step there. `keeper-thread.ts` is its
 * other half.
 */
import { setTimeout } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { Bucket } from './bucket.ts';
import { HeldLock } from './held-lock.ts';
import type { KeeperData, KeeperMessage, KeeperRequest } from './keeper-protocol.ts';
import { S3Lock } from './s3-lock.ts';
import { ScratchMirror } from './scratch-mirror.ts';

const MIRROR_EVERY_MS = 1_000;

const port = parentPort as MessagePort;
const tell = (message: KeeperMessage): void => port.postMessage(message);
const fail = ({ name, message }: Error): void => tell({ type: 'failed', name, message });

const { location, working, folder } = workerData as KeeperData;
try {
  const bucket = await Bucket.open(location);
  const lock = new HeldLock(await S3Lock.acquire(bucket, `${working}lock`, new AbortController().signal));
  lock.lost.addEventListener('abort', () => tell({ type: 'lost' }));
  const mirror = new ScratchMirror(bucket, working, folder);
  await mirror.fetch();
  serve(lock, mirror);
  tell({ type: 'acquired', attempt: lock.attempt });
} catch (error) {
  fail(error as Error);
}

/** Mirrors, and does what is asked, until `release` or `discard`. */
function serve(lock: HeldLock, mirror: ScratchMirror): void {
  const stop = new AbortController();
  const mirroring = mirrorRegularly(lock, mirror, AbortSignal.any([lock.lost, stop.signal]));
  const requests: Readonly<Record<KeeperRequest, () => Promise<void>>> = {
    assertHeld: () => lock.assertHeld(),
    discard: async () => {
      stop.abort();
      await mirroring;
      await lock.leave();
    },
    release: async () => {
      stop.abort();
      await mirroring;
      await send(lock, mirror, lock.lost); // what a stage that was told to stop has left
      await lock.release();
    },
  };
  port.on('message', (request: KeeperRequest) => {
    requests[request]().then(() => tell({ type: 'done' }), fail);
  });
}

async function mirrorRegularly(lock: HeldLock, mirror: ScratchMirror, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await setTimeout(MIRROR_EVERY_MS, undefined, { signal }).catch(() => undefined);
    await send(lock, mirror, signal);
  }
}

/** Mirrors once. What fails is tried again in the next round: the stage can go on without. */
async function send(lock: HeldLock, mirror: ScratchMirror, signal: AbortSignal): Promise<void> {
  if (!lock.isFresh || signal.aborted) return;
  await mirror.send(signal).catch(() => undefined);
}
