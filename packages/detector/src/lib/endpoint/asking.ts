import type { ImageShards } from '@radiotracer/corpus';
import type { StageContext } from '@radiotracer/store';
import pLimit from 'p-limit';

import { EndpointError } from '../errors.ts';
import { imageOf, type Query } from '../queries.ts';
import type { Answers } from './answers.ts';
import type { Endpoint } from './endpoint.ts';
import { postImages } from './post-images.ts';
import { protocols } from './protocol.ts';

/** Asks a suspect behind HTTP, many requests at once, and no more than the budget allows. */
export class Asking {
  /** Images in a request. */
  readonly #perRequest: number;
  /** Images that were sent; of an earlier attempt those that were answered. */
  #paid: number;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly versions: ImageShards,
    private readonly answers: Answers,
    private readonly context: Pick<StageContext, 'signal'>,
  ) {
    this.#perRequest = protocols[endpoint.protocol].takesBatches ? endpoint.batchSize : 1;
    this.#paid = answers.count;
  }

  /** Images that wait for their answers at once. */
  get imagesAtOnce(): number {
    return this.endpoint.concurrency * this.#perRequest;
  }

  /**
   * Asks about images that were not answered, in this order.
   *
   * @throws EndpointError if one cannot be asked, or is not answered by what can be judged; the answers to others are kept
   */
  async ask(queries: readonly Query[]): Promise<void> {
    const { endpoint, answers } = this;
    const { signal } = this.context;
    const batches = Array.from({ length: Math.ceil(queries.length / this.#perRequest) }, (_, i) =>
      queries.slice(i * this.#perRequest, (i + 1) * this.#perRequest),
    );
    const limit = pLimit(endpoint.concurrency);
    const pay = (images: number): void => this.#pay(images);
    let failure: unknown; // the first; what is on its way then is waited for, as it is paid for
    const asked = batches.map((batch) =>
      limit(async () => {
        if (failure !== undefined) return;
        try {
          const images = batch.map((query) => imageOf(query, this.versions));
          const rows = await postImages(images, endpoint, { signal, pay, isOver: () => failure !== undefined });
          for (const [i, query] of batch.entries()) await answers.keep(query, rows[i] ?? {}, endpoint.url);
        } catch (error) {
          failure ??= error;
        }
      }),
    );
    await Promise.all(asked);
    signal.throwIfAborted();
    if (failure !== undefined) throw failure;
  }

  #pay(images: number): void {
    const { url, budget = Infinity } = this.endpoint;
    if (this.#paid + images > budget) {
      throw new EndpointError(
        `${url}: the budget of ${budget} images is spent (${this.answers.count} of ${this.answers.total} are answered, ` +
          'and kept); raise "budget" to go on',
      );
    }
    this.#paid += images;
  }
}
