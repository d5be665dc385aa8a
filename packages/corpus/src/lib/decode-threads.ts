import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { concatenated, decodeBatch, type DecodedBatch, type WantedSize } from './decode-batch.ts';
import type { DecodeRequest } from './decode-worker.ts';
import type { CorpusRow } from './types.ts';

/** More than this the one thread that reads and writes cannot keep busy. */
const maxThreads = 8;

/** Threads that decode images, one for each core. */
export class DecodeThreads {
  readonly #threads: readonly DecodeThread[];

  private constructor(threads: readonly DecodeThread[]) {
    this.#threads = threads;
  }

  static start(): DecodeThreads {
    const count = Math.min(availableParallelism(), maxThreads);
    return new DecodeThreads(Array.from({ length: count }, () => new DecodeThread()));
  }

  /** Batches that keep all threads busy: one that each decodes, and one that waits for it. */
  get batchesAtOnce(): number {
    return 2 * this.#threads.length;
  }

  /** As `decodeBatch`, in the thread that has the least to do. */
  async decode(images: readonly CorpusRow['image'][], wanted: WantedSize): Promise<DecodedBatch> {
    const files = images.filter((image) => image instanceof Uint8Array);
    if (files.length < images.length) return decodeBatch(images, wanted); // pixels already
    const [idlest] = [...this.#threads].sort((a, b) => a.waiting - b.waiting);
    return (idlest as DecodeThread).decode(files, wanted);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

/** Answers come in the order of the requests. */
class DecodeThread {
  readonly #worker = startWorker();
  readonly #requests: { resolve: (batch: DecodedBatch) => void; reject: (error: unknown) => void }[] = [];

  constructor() {
    this.#worker.on('message', (batch: DecodedBatch) => this.#requests.shift()?.resolve(batch));
    this.#worker.on('error', (error) => {
      for (const { reject } of this.#requests.splice(0)) reject(error);
    });
  }

  get waiting(): number {
    return this.#requests.length;
  }

  decode(images: readonly Uint8Array[], wanted: WantedSize): Promise<DecodedBatch> {
    // Copied into one buffer: an image may be a part of a whole page, and all of that would be sent.
    const files = concatenated(images);
    let end = 0;
    const request: DecodeRequest = { files, ends: images.map(({ length }) => (end += length)), wanted };
    return new Promise((resolve, reject) => {
      this.#requests.push({ resolve, reject });
      this.#worker.postMessage(request, [files.buffer]);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

function startWorker(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./decode-worker.js', import.meta.url));
  // From sources: a thread does not inherit what makes its process read TypeScript.
  const [tsx, path] = ['tsx/esm/api', './decode-worker.ts'].map((module) =>
    JSON.stringify(import.meta.resolve(module)),
  );
  return new Worker(`import(${tsx}).then(({ register }) => { register(); return import(${path}); })`, { eval: true });
}
