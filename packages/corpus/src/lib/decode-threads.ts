import { availableParallelism } from 'node:os';
import { startThread } from '@radiotracer/store';
import { concatenated, decodeBatch, type DecodedBatch, type WantedSize } from './decode-batch.ts';
import type { DecodeAnswer, DecodeRequest } from './decode-worker.ts';
import type { CorpusRow } from './types.ts';

/** More than this the one thread that reads and writes cannot keep busy. */
const maxThreads = 8;

/**
 * Threads that decode images, one for each core.
 *
 * Memory goes to and fro: what a batch took serves the next. Were it left to the garbage collectors of several threads,
 * one would free what another allocated, and the process would grow for as long as it runs.
 */
export class DecodeThreads {
  readonly #threads: readonly DecodeThread[];
  readonly #forFiles: ArrayBuffer[] = [];
  readonly #forPixels: ArrayBuffer[] = [];

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
    // Copied into one buffer: an image may be a part of a whole page, and all of that would be sent.
    const together = concatenated(files, this.#forFiles.pop());
    let end = 0;
    const ends = files.map(({ length }) => (end += length));
    const request = { files: together, ends, wanted, room: this.#forPixels.pop() };
    const { batch, files: sentBack } = await (idlest as DecodeThread).decode(request);
    this.#forFiles.push(sentBack);
    return batch;
  }

  /** Takes the memory of a batch that is no longer needed. */
  takeBack({ pixels }: DecodedBatch): void {
    this.#forPixels.push(pixels.buffer);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

/** A request that waits for another library to decode lets the next one go on, so answers may come in any order. */
class DecodeThread {
  readonly #worker = startThread(worker.href, { resourceLimits });
  readonly #requests = new Map<number, { resolve(answer: DecodeAnswer): void; reject(error: unknown): void }>();
  #asked = 0;
  /** When all that was asked has an answer. */
  #settled: Promise<unknown> = Promise.resolve();
  /** Why it has ended: then nobody answers any more. */
  #failure: Error | undefined;

  constructor() {
    this.#worker.on('message', (answer: DecodeAnswer) => {
      this.#requests.get(answer.id)?.resolve(answer);
      this.#requests.delete(answer.id);
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('corpus: a thread that decodes has ended')));
  }

  get waiting(): number {
    return this.#requests.size;
  }

  decode(asked: Omit<DecodeRequest, 'id'>): Promise<DecodeAnswer> {
    if (this.#failure) return Promise.reject(this.#failure);
    const request: DecodeRequest = { ...asked, id: this.#asked++ };
    const answer = new Promise<DecodeAnswer>((resolve, reject) => {
      this.#requests.set(request.id, { resolve, reject });
      this.#worker.postMessage(request, [request.files.buffer, ...(request.room ? [request.room] : [])]);
    });
    this.#settled = Promise.allSettled([this.#settled, answer]).then(() => undefined); // and no batch is held
    return answer;
  }

  /** Not amid an image: Node aborts the process if it ends a thread that is just making a zlib stream. */
  async close(): Promise<void> {
    await this.#settled;
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#requests.values()) reject(error);
    this.#requests.clear();
  }
}

/** Little garbage is made, and as much memory as V8 would otherwise fill with it before it looks is lost. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

const worker = new URL(import.meta.url.endsWith('.ts') ? './decode-worker.ts' : './decode-worker.js', import.meta.url);
