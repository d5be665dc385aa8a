import { join } from 'node:path';

import type { ImageShards } from '@radiotracer/corpus';
import type { CropFlip, FrozenNetwork } from '@radiotracer/nets';
import { remember, type StageContext } from '@radiotracer/store';

import { allRows, extractFeatures, predict } from './evaluate.ts';

/** Images of a piece: whole batches, so that the bits are those of one go, and seconds of work. */
const PIECE = 2500;

/** What networks make of images, in pieces that are kept in the scratch folder: a crash costs one piece. */
export class KeptPredictions {
  #before = 0;

  /** @param total - images that are looked at in all, for the progress */
  constructor(
    private readonly context: Pick<StageContext, 'scratchDir' | 'report' | 'signal'>,
    private readonly total: number,
  ) {}

  /**
   * Cross-entropies in nats, [N].
   *
   * @param name - of its own, among all that the stage looks at
   * @param view - how every image is moved before it is shown; not at all by default
   */
  async losses(
    name: string,
    network: FrozenNetwork,
    images: ImageShards,
    rows = allRows(images),
    view?: CropFlip,
  ): Promise<Float32Array> {
    const look = async (piece: Uint32Array, onBatch: (done: number) => void): Promise<Float32Array> =>
      (await predict(network, images, piece, onBatch, view)).loss;
    return this.#inPieces(name, rows, look);
  }

  /** What the last layer gets of all images, [N, D]. */
  async features(name: string, network: FrozenNetwork, images: ImageShards): Promise<Float32Array> {
    return this.#inPieces(name, allRows(images), (piece, onBatch) => extractFeatures(network, images, piece, onBatch));
  }

  async #inPieces(
    name: string,
    rows: Uint32Array,
    look: (piece: Uint32Array, onBatch: (done: number) => void) => Promise<Float32Array>,
  ): Promise<Float32Array> {
    let values = new Float32Array(0); // of all rows, as soon as it is known how many a row has
    for (let start = 0; start < rows.length; start += PIECE) {
      const piece = rows.subarray(start, start + PIECE);
      const made = await remember(join(this.context.scratchDir, `${name}-${start}.sealed`), async () => {
        this.#tell(0);
        const { buffer, byteOffset, byteLength } = await look(piece, (done) => this.#tell(done));
        return new Uint8Array(buffer, byteOffset, byteLength);
      });
      const bytesPerRow = made.byteLength / piece.length;
      if (start === 0) values = new Float32Array((rows.length * bytesPerRow) / values.BYTES_PER_ELEMENT);
      new Uint8Array(values.buffer).set(made, start * bytesPerRow);
      this.#before += piece.length;
    }
    return values;
  }

  #tell(done: number): void {
    this.context.signal.throwIfAborted();
    this.context.report({ done: this.#before + done, total: this.total, unit: 'images' });
  }
}
