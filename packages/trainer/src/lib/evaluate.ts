import { setImmediate } from 'node:timers/promises';

import type { ImageShards } from '@radiotracer/corpus';
import { type FrozenNetwork, normalise, softmaxCrossEntropy, tf } from '@radiotracer/nets';

/** What a network makes of images, without augmentation. */
export interface Predictions {
  /** Cross-entropy of each image in nats, [N]. */
  readonly loss: Float32Array;
  /** Class of the highest logit, [N]. */
  readonly predicted: Int32Array;
  /** [N, D]. */
  readonly features: Float32Array;
}

const BATCH = 250;

/**
 * Losses, predictions and features of rows of a corpus.
 *
 * @param rows - all rows by default
 * @param onBatch - called with the number of images done
 */
export async function predict(
  network: FrozenNetwork,
  images: ImageShards,
  rows: ArrayLike<number> = Uint32Array.from({ length: images.count }, (_, row) => row),
  onBatch: (done: number) => void = () => {},
): Promise<Predictions> {
  const size = network.featureSize;
  const loss = new Float32Array(rows.length);
  const predicted = new Int32Array(rows.length);
  const features = new Float32Array(rows.length * size);
  for (let start = 0; start < rows.length; start += BATCH) {
    const batch = Array.prototype.slice.call(rows, start, start + BATCH) as number[];
    const [losses, classes, featureValues] = tf.tidy(() => {
      const pixels = tf.tensor(normalise(images.read(batch)), [batch.length, images.height, images.width, 3]);
      const labels = tf.tensor1d(
        batch.map((row) => images.labels[row] as number),
        'int32',
      );
      const output = network.logits(pixels);
      return [
        softmaxCrossEntropy(output.logits, labels).loss.dataSync(),
        tf.argMax(output.logits, 1).dataSync(),
        output.features.dataSync(),
      ] as [Float32Array, Int32Array, Float32Array];
    });
    loss.set(losses, start);
    predicted.set(classes, start);
    features.set(featureValues, start * size);
    onBatch(start + batch.length);
    await setImmediate();
  }
  return { loss, predicted, features };
}

/** Top-1 accuracy in [0, 1] and mean cross-entropy in nats over all images. */
export async function evaluate(
  network: FrozenNetwork,
  images: ImageShards,
): Promise<{ accuracy: number; loss: number }> {
  const { loss, predicted } = await predict(network, images);
  let correct = 0;
  let sum = 0;
  for (let i = 0; i < loss.length; i++) {
    if (predicted[i] === images.labels[i]) correct++;
    sum += loss[i] as number;
  }
  return { accuracy: correct / loss.length, loss: sum / loss.length };
}
