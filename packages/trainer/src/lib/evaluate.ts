import { setImmediate } from 'node:timers/promises';

import type { ImageShards } from '@radiotracer/corpus';
import {
  type CropFlip,
  cropFlipBatch,
  type FrozenNetwork,
  NO_CROP_FLIP,
  normalise,
  softmaxCrossEntropy,
  tf,
} from '@radiotracer/nets';

/** What a network makes of images, without augmentation. */
export interface Predictions {
  /** Cross-entropy of each image in nats, [N]. */
  readonly loss: Float32Array;
  /** Class of the highest logit, [N]. */
  readonly predicted: Int32Array;
}

const BATCH = 250;

/**
 * Losses and predictions of rows of a corpus.
 *
 * @param rows - all rows by default
 * @param onBatch - called with the number of images done
 * @param view - how every image is moved before it is shown; not at all by default
 */
export async function predict(
  network: FrozenNetwork,
  images: ImageShards,
  rows: ArrayLike<number> = allRows(images),
  onBatch?: (done: number) => void,
  view = NO_CROP_FLIP,
): Promise<Predictions> {
  const loss = new Float32Array(rows.length);
  const predicted = new Int32Array(rows.length);
  const look = (pixels: tf.Tensor, batch: readonly number[], start: number): void => {
    const labels = Int32Array.from(batch, (row) => images.labels[row] as number);
    const { logits } = network.logits(pixels);
    loss.set(softmaxCrossEntropy(logits, tf.tensor1d(labels, 'int32')).loss.dataSync(), start);
    predicted.set(tf.argMax(logits, 1).dataSync(), start);
  };
  await inBatches(images, rows, view, look, onBatch);
  return { loss, predicted };
}

/**
 * What the last layer of a network gets of rows of a corpus, without augmentation: D numbers an image, 2 GB for a
 * million images and a ResNet-18.
 *
 * @param rows - all rows by default
 * @param onBatch - called with the number of images done
 * @returns [N, D]
 */
export async function extractFeatures(
  network: FrozenNetwork,
  images: ImageShards,
  rows: ArrayLike<number> = allRows(images),
  onBatch?: (done: number) => void,
): Promise<Float32Array> {
  const features = new Float32Array(rows.length * network.featureSize);
  const look = (pixels: tf.Tensor, _: readonly number[], start: number): void =>
    features.set(network.features(pixels).dataSync(), start * network.featureSize);
  await inBatches(images, rows, NO_CROP_FLIP, look, onBatch);
  return features;
}

/**
 * Top-1 accuracy in [0, 1] and mean cross-entropy in nats over all images.
 *
 * @param onBatch - called with the number of images done
 */
export async function evaluate(
  network: FrozenNetwork,
  images: ImageShards,
  onBatch?: (done: number) => void,
): Promise<{ accuracy: number; loss: number }> {
  const { loss, predicted } = await predict(network, images, undefined, onBatch);
  let correct = 0;
  let sum = 0;
  for (let i = 0; i < loss.length; i++) {
    if (predicted[i] === images.labels[i]) correct++;
    sum += loss[i] as number;
  }
  return { accuracy: correct / loss.length, loss: sum / loss.length };
}

export function allRows(images: ImageShards): Uint32Array {
  return Uint32Array.from({ length: images.count }, (_, row) => row);
}

/** @param look - gets normalised images [B, H, W, 3], their rows, and how many were before; its tensors are disposed */
async function inBatches(
  images: ImageShards,
  rows: ArrayLike<number>,
  view: CropFlip,
  look: (pixels: tf.Tensor, batch: readonly number[], start: number) => void,
  onBatch: (done: number) => void = () => {},
): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH) {
    const batch = Array.prototype.slice.call(rows, start, start + BATCH) as number[];
    tf.tidy(() => {
      const { height, width } = images;
      const shown = cropFlipBatch(images.read(batch), height, width, view);
      look(tf.tensor(normalise(shown), [batch.length, height, width, 3]), batch, start);
    });
    onBatch(start + batch.length);
    await setImmediate();
  }
}
