import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { isRunning, thisProcess, type ProcessIdentity } from '../process-identity.ts';
import type { Bucket, Condition } from './bucket.ts';

const POLL_MS = 1_000;
/** How often the owner has to call `beat`. */
export const BEAT_MS = 5_000;
/** An owner whose object has stayed the same for so long, by the clock of the one who waits, counts as dead. */
const STALE_MS = 30_000;

/** The object's content. */
interface State {
  /** Differs from owner to owner. */
  readonly owner: string;
  readonly process: ProcessIdentity;
  readonly attempt: number;
  /** Counts up, so that every heartbeat changes the object and its ETag. */
  readonly beat: number;
  readonly released: boolean;
}

/**
 * A lock that is one object, changed only under the condition that it is still what it was: so of many who try to take
 * it one succeeds, and an owner who was taken for dead learns of it at the next heartbeat. No clock of another machine
 * is asked: whoever waits watches for how long the object stays the same.
 */
export class S3Lock {
  private constructor(
    private readonly bucket: Bucket,
    private readonly key: string,
    private state: State,
    private etag: string,
  ) {}

  /** Waits until the lock is free; rejects with the signal's reason when aborted. */
  static async acquire(bucket: Bucket, key: string, signal: AbortSignal): Promise<S3Lock> {
    const own = { owner: randomUUID(), process: await thisProcess(), beat: 0, released: false };
    let watched: { etag: string; sinceMs: number } | undefined;
    for (;;) {
      signal.throwIfAborted();
      const found = await bucket.get(key);
      if (found?.etag !== watched?.etag) watched = found && { etag: found.etag, sinceMs: performance.now() };
      const theirs = found && (JSON.parse(found.text) as State);
      const isSilent = watched !== undefined && performance.now() - watched.sinceMs >= STALE_MS;
      if (!theirs || theirs.released || isSilent || (await isRunning(theirs.process)) === false) {
        const state = { ...own, attempt: (theirs?.attempt ?? 0) + 1 };
        const etag = await put(bucket, key, state, found ? { etag: found.etag } : 'absent');
        if (etag !== undefined) return new S3Lock(bucket, key, state, etag);
        continue;
      }
      await setTimeout(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  /** `s3://bucket/path` of the object. */
  get url(): string {
    return this.bucket.url(this.key);
  }

  /** 1, and 1 more for each earlier owner. */
  get attempt(): number {
    return this.state.attempt;
  }

  /** Gives a sign of life. False if another has the lock; then it is lost for good. Not while another call runs. */
  async beat(): Promise<boolean> {
    return this.#change({ ...this.state, beat: this.state.beat + 1 });
  }

  /** Lets the next one in, unless another has the lock. */
  async release(): Promise<void> {
    await this.#change({ ...this.state, released: true });
  }

  async #change(state: State): Promise<boolean> {
    const etag = await put(this.bucket, this.key, state, { etag: this.etag });
    if (etag === undefined) return false;
    this.state = state;
    this.etag = etag;
    return true;
  }
}

async function put(bucket: Bucket, key: string, state: State, condition: Condition): Promise<string | undefined> {
  const text = JSON.stringify(state);
  const etag = await bucket.put(key, text, condition);
  if (etag !== undefined) return etag;
  // The SDK tries again when an answer got lost, and then finds the object that its first try wrote.
  const found = await bucket.get(key);
  return found?.text === text ? found.etag : undefined;
}
