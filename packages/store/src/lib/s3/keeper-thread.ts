import type { Worker } from 'node:worker_threads';
import { LockLostError, S3RefusedError, S3UnavailableError } from '../errors.ts';
import { startThread } from '../start-thread.ts';
import type { KeeperData, KeeperMessage, KeeperRequest } from './keeper-protocol.ts';

/** A lock and a mirrored scratch folder, kept by a thread of their own; see `keeper.ts`. */
export class KeeperThread {
  readonly #thread: Worker;
  readonly #lost = new AbortController();
  #failure: Error | undefined;
  /** Who waits for the answer of the thread; one at a time. */
  #waiting: { readonly resolve: (attempt: number) => void; readonly reject: (error: Error) => void } | undefined;

  private constructor(
    data: KeeperData,
    private readonly lockUrl: string,
  ) {
    this.#thread = startThread(import.meta.resolve('@radiotracer/store/s3-keeper'), { workerData: data });
    this.#thread.on('message', (message: KeeperMessage) => this.#receive(message));
    this.#thread.on('error', (error: Error) => this.#fail(error));
    this.#thread.on('exit', () => this.#fail(new Error(`store: the thread that keeps ${lockUrl} has ended`)));
  }

  /**
   * Starts a thread, and waits until it has the lock and has fetched what is mirrored.
   *
   * @returns the thread, and the number of this owner: 1, and 1 more for each earlier one
   * @throws the signal's reason when aborted; S3RefusedError, S3UnavailableError
   */
  static async start(
    data: KeeperData,
    lockUrl: string,
    signal: AbortSignal,
  ): Promise<{ readonly keeper: KeeperThread; readonly attempt: number }> {
    signal.throwIfAborted();
    const keeper = new KeeperThread(data, lockUrl);
    const onAbort = (): void => keeper.#waiting?.reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
    try {
      return { keeper, attempt: await keeper.#answer() };
    } catch (error) {
      await keeper.#thread.terminate();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Aborted with a `LockLostError` when another has taken the lock. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Gives a sign of life now. Throws LockLostError if another has taken the lock. */
  async assertHeld(): Promise<void> {
    await this.#ask('assertHeld');
  }

  /** Ends the thread; `release` lets the next one in, `discard` leaves all in the bucket as it is. */
  async end(how: 'release' | 'discard'): Promise<void> {
    await this.#ask(how).finally(() => this.#thread.terminate());
  }

  async #ask(request: KeeperRequest): Promise<void> {
    this.#thread.postMessage(request);
    await this.#answer();
  }

  #answer(): Promise<number> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise<number>((resolve, reject) => (this.#waiting = { resolve, reject })).finally(
      () => (this.#waiting = undefined),
    );
  }

  /** Without the thread nobody gives signs of life: the lock is as good as lost. */
  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(error);
    this.#lost.abort(error);
  }

  #receive(message: KeeperMessage): void {
    switch (message.type) {
      case 'acquired':
        return this.#waiting?.resolve(message.attempt);
      case 'done':
        return this.#waiting?.resolve(0);
      case 'failed':
        return this.#waiting?.reject(this.#asError(message));
      case 'lost':
        return this.#lost.abort(new LockLostError(this.lockUrl));
    }
  }

  /** An error of the thread, of which only the words come over. */
  #asError({ name, message }: { readonly name: string; readonly message: string }): Error {
    if (name === 'LockLostError') return new LockLostError(this.lockUrl);
    if (name === 'S3RefusedError') return new S3RefusedError(message);
    return name === 'S3UnavailableError' ? new S3UnavailableError(message) : new Error(message);
  }
}
