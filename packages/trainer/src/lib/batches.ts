import type { ImageShards } from '@radiotracer/corpus';
import { cropFlip, drawCropFlip, normalise, Rng, tf } from '@radiotracer/nets';

import { augmented } from './augment.ts';
import { mixBatch, softTargets } from './mix.ts';
import type { TrainingSettings } from './types.ts';

/** Steps in an epoch; images that do not fill a batch sit this epoch out. */
export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.floor(images / batchSize);
}

/** The rows of an epoch in random order: a function of (seed, epoch). */
export function epochOrder(seed: number, epoch: number, images: number): Uint32Array {
  return Rng.of(seed, 'order', epoch).permutation(images);
}

/** What a step learns from; the caller owns the tensors. */
export interface Batch {
  /** Normalised, [B, H, W, 3] float32. */
  readonly images: tf.Tensor;
  /** [B] int32. */
  readonly labels: tf.Tensor;
  /** The labels, or where they are soft or mixed the probabilities of all classes, [B, K] float32. */
  readonly targets: tf.Tensor;
}

/**
 * A batch, changed, cropped, mirrored and mixed: the draws of an image are functions of (seed, epoch, row), those of a
 * mixture of (seed, epoch, first row of the batch).
 */
export async function augmentedBatch(
  shards: ImageShards,
  rows: Uint32Array,
  epoch: number,
  settings: TrainingSettings,
): Promise<Batch> {
  const { height, width, classNames } = shards;
  const images = normalise(moved(await changed(shards, rows, epoch, settings), shards, rows, epoch, settings));
  const labels = Int32Array.from(rows, (row) => shards.labels[row] as number);
  const targets = isSoft(settings) ? softTargets(labels, classNames.length, settings.labelSmoothing) : undefined;
  if (targets) {
    const rng = Rng.of(settings.seed, 'mix', epoch, rows[0] as number);
    mixBatch({ images, targets, height, width, classes: classNames.length }, settings, rng);
  }
  const hard = tf.tensor1d(labels, 'int32');
  return {
    images: tf.tensor(images, [rows.length, height, width, 3]),
    labels: hard,
    targets: targets ? tf.tensor2d(targets, [rows.length, classNames.length]) : hard,
  };
}

function isSoft({ labelSmoothing, mixup, cutmix }: TrainingSettings): boolean {
  return [labelSmoothing, mixup, cutmix].some((setting) => setting !== undefined);
}

/** Pixels of the rows, uint8 [B, H, W, 3], after the changes that the settings ask for. */
async function changed(
  shards: ImageShards,
  rows: Uint32Array,
  epoch: number,
  { seed, augmentations = [] }: TrainingSettings,
): Promise<Uint8Array> {
  const pixels = shards.read(rows);
  if (augmentations.length === 0) return pixels;
  const { height, width } = shards;
  const size = height * width * 3;
  for (const [i, row] of rows.entries()) {
    const place = pixels.subarray(i * size, (i + 1) * size);
    const image = { pixels: place, height, width };
    place.set((await augmented(image, augmentations, Rng.of(seed, 'change', epoch, row))).pixels);
  }
  return pixels;
}

/** Each image of a batch, cropped and mirrored. */
function moved(
  pixels: Uint8Array,
  { height, width }: ImageShards,
  rows: Uint32Array,
  epoch: number,
  settings: TrainingSettings,
): Uint8Array {
  const size = height * width * 3;
  const out = new Uint8Array(pixels.length);
  rows.forEach((row, i) => {
    const move = drawCropFlip(Rng.of(settings.seed, 'augment', epoch, row), settings);
    cropFlip(pixels.subarray(i * size), height, width, move, out.subarray(i * size, (i + 1) * size));
  });
  return out;
}
