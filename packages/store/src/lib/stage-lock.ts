import { mkdir, open, readFile, readdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { LockLostError } from './errors.ts';
import { isRunning, thisProcess, type ProcessIdentity } from './process-identity.ts';

const POLL_MS = 200;
const HEARTBEAT_MS = 10_000;
/** A process on another machine counts as dead when a waiter has seen no heartbeat of it for so long. */
const STALE_MS = 120_000;

/**
 * The right to run one stage on one input, held by one process at a time among all that share the store.
 *
 * Attempt n holds the lock by having created `lock-<n>` (exclusively), n being the highest number. When its owner is
 * found dead or has released it, the next owner creates `lock-<n+1>`: of many who try, one succeeds, and no file is
 * ever removed on a guess. A dead process on this machine is noticed at once, another machine's after `STALE_MS`, by the
 * waiter's own clock that never goes back: no two clocks are compared, and a clock that is set does no harm.
 * The folder goes away only after the artefact is committed: whoever acquires the lock looks for the artefact first.
 */
export class StageLock {
  readonly #heartbeat: NodeJS.Timeout;
  readonly #lost = new AbortController();
  /** The last heartbeat. */
  #beating: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    /** The lock's file: a handle, as the path may come to mean another's once the folder was removed. */
    private readonly file: FileHandle,
    /** 1, and 1 more for each earlier owner. */
    readonly attempt: number,
  ) {
    this.#heartbeat = setInterval(() => void (this.#beating = this.#beat()), HEARTBEAT_MS).unref();
  }

  /** Waits until the lock is free; rejects with the signal's reason when aborted. */
  static async acquire(folder: string, signal: AbortSignal): Promise<StageLock> {
    const owner = await thisProcess();
    const watch = new HeartbeatWatch();
    for (;;) {
      signal.throwIfAborted();
      try {
        await mkdir(folder, { recursive: true });
        const last = await lastAttempt(folder);
        if (last === 0 || !(await isHeld(lockFile(folder, last), watch))) {
          return new StageLock(folder, await createLock(lockFile(folder, last + 1), owner), last + 1);
        }
      } catch (error) {
        // EEXIST: another was faster. ENOENT: the owner committed, and removed the folder, perhaps as it was made.
        if (!['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
      await setTimeout(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  /** Aborted with a `LockLostError` when another process took the lock over. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Lets the next one in. */
  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.#beating; // one on its way could renew the lock after its release
    await releaseLock(this.file);
  }

  /** Throws LockLostError if another process took the lock over. */
  async assertHeld(): Promise<void> {
    const last = await lastAttempt(this.folder).catch(() => undefined); // no folder: the other has committed
    if (last !== this.attempt) throw new LockLostError(lockFile(this.folder, this.attempt));
  }

  async #beat(): Promise<void> {
    try {
      const now = new Date();
      await this.file.utimes(now, now);
      await this.assertHeld();
    } catch (error) {
      clearInterval(this.#heartbeat);
      this.#lost.abort(error);
    }
  }
}

const lockFile = (folder: string, attempt: number): string => join(folder, `lock-${attempt}`);

async function createLock(path: string, owner: ProcessIdentity): Promise<FileHandle> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(JSON.stringify(owner));
  } catch (error) {
    await releaseLock(file); // on a full disk, too: nobody need wait for an owner that does not say who it is
    throw error;
  }
  return file;
}

async function releaseLock(file: FileHandle): Promise<void> {
  await file.utimes(0, 0).finally(() => file.close());
}

async function lastAttempt(folder: string): Promise<number> {
  const attempts = (await readdir(folder)).map((name) => Number(/^lock-(\d+)$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...attempts);
}

async function isHeld(file: string, watch: HeartbeatWatch): Promise<boolean> {
  const { mtimeMs } = await stat(file);
  if (mtimeMs === 0) return false; // released
  const owner = ownerIn(await readFile(file, 'utf8'));
  // A process of this machine is asked itself: it lives even while a long native call keeps it from its heartbeat.
  const isOwnerRunning = owner && (await isRunning(owner));
  return isOwnerRunning ?? watch.silentMs(file, mtimeMs) < STALE_MS;
}

/** Undefined where the text is about to be written, or not what was written, as a power cut may leave it. */
function ownerIn(text: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(text) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** For how long a waiter has seen no heartbeat in a lock's file. */
class HeartbeatWatch {
  #seen: { readonly file: string; readonly mtimeMs: number; readonly atMs: number } | undefined;

  silentMs(file: string, mtimeMs: number): number {
    const now = performance.now();
    if (this.#seen?.file !== file || this.#seen.mtimeMs !== mtimeMs) this.#seen = { file, mtimeMs, atMs: now };
    return now - this.#seen.atMs;
  }
}
