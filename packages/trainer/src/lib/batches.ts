import type { ImageShards } from '@radiotracer/corpus';
import { cropFlip, drawCropFlip, normalise, Rng, tf } from '@radiotracer/nets';

import type { TrainingSettings } from './types.ts';

/** Steps in an epoch; images that do not fill a batch sit this epoch out. */
export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.floor(images / batchSize);
}

/** The rows of an epoch in random order: a function of (seed, epoch). */
export function epochOrder(seed: number, epoch: number, images: number): Uint32Array {
  return Rng.of(seed, 'order', epoch).permutation(images);
}

/**
 * A batch, cropped and mirrored: each image's draw is a function of (seed, epoch, row).
 *
 * @returns images [B, H, W, 3] normalised, labels [B] int32; the caller owns both
 */
export function augmentedBatch(
  shards: ImageShards,
  rows: Uint32Array,
  epoch: number,
  settings: TrainingSettings,
): { images: tf.Tensor; labels: tf.Tensor } {
  const { height, width } = shards;
  const size = height * width * 3;
  const pixels = shards.read(rows);
  const moved = new Uint8Array(pixels.length);
  rows.forEach((row, i) => {
    const move = drawCropFlip(Rng.of(settings.seed, 'augment', epoch, row), settings);
    cropFlip(pixels.subarray(i * size), height, width, move, moved.subarray(i * size, (i + 1) * size));
  });
  return {
    images: tf.tensor(normalise(moved), [rows.length, height, width, 3]),
    labels: tf.tensor1d(
      Int32Array.from(rows, (row) => shards.labels[row] as number),
      'int32',
    ),
  };
}
