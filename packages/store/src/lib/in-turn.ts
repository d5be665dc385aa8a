import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { StageLock } from './stage-lock.ts';

/**
 * Does work while no other process that names the same folder does: each waits for the one before; one that died is not
 * waited for. The folder is made for the lock, and gone at the end.
 */
export async function inTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = await StageLock.acquire(folder, new AbortController().signal);
  try {
    return await work();
  } finally {
    const aside = `${folder}.${randomUUID()}`;
    try {
      await rename(folder, aside); // at once, so that nobody who waits finds it half removed
      await rm(aside, { recursive: true });
    } finally {
      await lock.release();
    }
  }
}
