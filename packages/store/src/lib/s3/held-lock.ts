import { LockLostError } from '../errors.ts';
import { BEAT_MS, type S3Lock } from './s3-lock.ts';

/** A lock that gives signs of life by itself. */
export class HeldLock {
  readonly attempt: number;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** The last call of the lock, which takes one at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #beatAtMs = performance.now();

  constructor(private readonly lock: S3Lock) {
    this.attempt = lock.attempt;
    // A server that does not answer is no proof that another has the lock: go on, and ask again.
    this.#timer = setInterval(() => void this.assertHeld().catch(() => undefined), BEAT_MS);
  }

  /** Aborted with a `LockLostError` when another has taken the lock. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether the last sign of life is recent: not so in a process that was frozen, and may have lost the lock. */
  get isFresh(): boolean {
    return performance.now() - this.#beatAtMs < 3 * BEAT_MS;
  }

  /** Gives a sign of life now. Throws LockLostError if another has taken the lock. */
  async assertHeld(): Promise<void> {
    await this.#inTurn(async () => {
      this.lost.throwIfAborted();
      if (await this.lock.beat()) {
        this.#beatAtMs = performance.now();
        return;
      }
      this.#lost.abort(new LockLostError(this.lock.url));
      this.lost.throwIfAborted();
    });
  }

  /** Lets the next one in. Where the server does not answer, the next one waits until the lock counts as abandoned. */
  async release(): Promise<void> {
    await this.leave();
    if (!this.lost.aborted) await this.#inTurn(() => this.lock.release()).catch(() => undefined);
  }

  /** Gives no more signs of life. */
  async leave(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
