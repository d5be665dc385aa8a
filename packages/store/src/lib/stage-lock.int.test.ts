import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, open, readFile, readdir, rm, stat, utimes, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { StageLock } from './stage-lock.ts';

/** What Jest's fake timers put in the place of the real ones unless told not to. */
const fakeable = [
  ...(['Date', 'clearImmediate', 'clearInterval', 'clearTimeout', 'nextTick', 'performance'] as const),
  ...(['queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout'] as const),
];

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'radiotracer-lock-'))));
afterEach(() => rm(folder, { recursive: true }));

/** The lock's attempt, or undefined when it is not to be had within 500 ms. */
async function tryAcquire(): Promise<number | undefined> {
  try {
    const lock = await StageLock.acquire(folder, AbortSignal.timeout(500));
    await lock.release();
    return lock.attempt;
  } catch (error) {
    expect(error).toMatchObject({ name: 'TimeoutError' });
    return undefined;
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(10);
}

/** Leaves a lock with another owner, last heard of `ageMs` ago. */
async function lockOf(change: object, ageMs: number): Promise<void> {
  const lock = await StageLock.acquire(folder, AbortSignal.timeout(500));
  const owner = JSON.parse(await readFile(join(folder, 'lock-1'), 'utf8')) as object;
  await lock.release();
  await writeFile(join(folder, 'lock-1'), JSON.stringify({ ...owner, ...change }));
  const heard = (Date.now() - ageMs) / 1000;
  await utimes(join(folder, 'lock-1'), heard, heard);
}

describe('StageLock', () => {
  it('is held by one at a time, and counts its owners', async () => {
    const first = await StageLock.acquire(folder, AbortSignal.timeout(500));
    expect(await tryAcquire()).toBeUndefined();
    await first.release();
    expect(await tryAcquire()).toBe(2);
    expect(await tryAcquire()).toBe(3);
  });

  it('is given to one of many who find it abandoned', async () => {
    await lockOf({ start: 'long ago' }, 0);
    let holders = 0;
    let most = 0;
    const hold = async (): Promise<number> => {
      const lock = await StageLock.acquire(folder, AbortSignal.timeout(30_000));
      most = Math.max(most, ++holders);
      await setTimeout(20);
      holders--;
      await lock.release();
      return lock.attempt;
    };
    const attempts = await Promise.all(Array.from({ length: 8 }, hold));
    expect(most).toBe(1);
    expect(attempts.sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('of a live process here is held however long ago its last heartbeat was', async () => {
    await lockOf({}, 3_600_000);
    expect(await tryAcquire()).toBeUndefined();
  });

  it('of a process whose id now belongs to another is free at once', async () => {
    await lockOf({ start: 'long ago' }, 0);
    expect(await tryAcquire()).toBe(2);
  });

  it('of another machine is held until two minutes have passed without a heartbeat, whatever its clock says', async () => {
    jest.useFakeTimers({ doNotFake: fakeable.filter((name) => name !== 'performance') });
    try {
      await lockOf({ host: 'elsewhere' }, 3_600_000); // that machine's clock is an hour behind
      let attempt: number | undefined;
      void StageLock.acquire(folder, AbortSignal.timeout(30_000)).then(async (lock) => {
        await lock.release();
        attempt = lock.attempt;
      });
      const pass = async (ms: number): Promise<void> => {
        await setTimeout(500); // the waiter has looked meanwhile
        jest.advanceTimersByTime(ms);
        await setTimeout(500);
      };
      await pass(119_000);
      await utimes(join(folder, 'lock-1'), 1e9, 1e9); // a heartbeat, after its clock was set back
      await pass(119_000);
      expect(attempt).toBeUndefined();
      await pass(2_000);
      expect(attempt).toBe(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('tells its owner, at a heartbeat, that another has it; until then the heartbeat renews it', async () => {
    jest.useFakeTimers({ doNotFake: fakeable.filter((name) => !['setInterval', 'clearInterval'].includes(name)) });
    try {
      const lock = await StageLock.acquire(folder, AbortSignal.timeout(500));
      await utimes(join(folder, 'lock-1'), 1000, 1000);
      jest.advanceTimersByTime(10_000);
      await until(async () => (await stat(join(folder, 'lock-1'))).mtimeMs > Date.now() - 60_000);
      expect(lock.lost.aborted).toBe(false);

      await writeFile(join(folder, 'lock-2'), '');
      jest.advanceTimersByTime(10_000);
      await until(() => lock.lost.aborted);
      expect(lock.lost.reason).toMatchObject({ name: 'LockLostError', lockFile: join(folder, 'lock-1') });
      await lock.release();
    } finally {
      jest.useRealTimers();
    }
  });

  it('that was released while a heartbeat was on its way is free', async () => {
    jest.useFakeTimers({ doNotFake: fakeable.filter((name) => !['setInterval', 'clearInterval'].includes(name)) });
    const probe = await open(join(folder, 'probe'), 'w');
    const handle = Object.getPrototypeOf(probe) as FileHandle;
    await probe.close();
    const touch = handle.utimes;
    try {
      const lock = await StageLock.acquire(folder, AbortSignal.timeout(500));
      jest
        .spyOn(handle, 'utimes')
        .mockImplementationOnce(async function (this: FileHandle, ...times) {
          await setTimeout(50); // the heartbeat comes late
          await touch.apply(this, times);
        })
        .mockImplementationOnce(async function (this: FileHandle, ...times) {
          await touch.apply(this, times);
          await setTimeout(100); // the file is still open then
        });
      jest.advanceTimersByTime(10_000);
      await lock.release();
      expect((await stat(join(folder, 'lock-1'))).mtimeMs).toBe(0);
    } finally {
      jest.restoreAllMocks();
      jest.useRealTimers();
    }
  });

  it.each([
    ['was created but not yet written', ''],
    ['a power cut left without its text', '\0'.repeat(80)],
    ['a power cut left with a part of its text', '{"host":"he'],
  ])('that %s is held, until nothing was heard of it for long', async (_, text) => {
    await writeFile(join(folder, 'lock-1'), text);
    expect(await tryAcquire()).toBeUndefined();
    expect(await readdir(folder)).toEqual(['lock-1']);
  });

  it('that cannot be written is released: the next one need not wait', async () => {
    const thrown = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const probe = await open(join(folder, 'probe'), 'w');
    const write = jest.spyOn(Object.getPrototypeOf(probe) as FileHandle, 'writeFile').mockRejectedValueOnce(thrown);
    await probe.close();
    await expect(StageLock.acquire(folder, AbortSignal.timeout(500))).rejects.toBe(thrown);
    write.mockRestore();
    expect(await tryAcquire()).toBe(2);
  });
});
