import {
  addCropFlipGradient,
  type CropFlip,
  cropFlip,
  type FrozenNetwork,
  normalise,
  PIXEL_STD,
  tf,
} from '@radiotracer/nets';

import type { MarkingSettings } from './types.ts';

/** n images of one size and V versions of each; version v of image i is row i·V + v. */
export interface VersionsBatch {
  readonly height: number;
  readonly width: number;
  /** x, [n] of [H, W, 3]. */
  readonly originals: readonly Uint8Array[];
  /** x̃, [n·V, H, W, 3]. */
  readonly versions: Uint8Array;
  /** u, [n·V, D]. */
  readonly carriers: tf.Tensor2D;
  /** T: crop and mirror image of each image and its versions, [n]. */
  readonly moves: readonly CropFlip[];
}

/** Above the share of φ by which float32 may move it, and far below that by which a first step does. */
const ROUNDING = 1e-5;

/** Gradient of a normalised pixel with respect to its 8-bit level, by channel. */
const LEVEL_GRADIENT = PIXEL_STD.map((std) => 1 / (255 * std));

/**
 * Gradient of the marking loss with respect to the pixels of each version, in 8-bit levels.
 *
 *   −⟨φ(T x̃) − φ(T x), u⟩ + λ_ft ‖φ(T x̃) − φ(T x)‖ + λ_img ‖x̃ − x‖
 *
 * Norms are Euclidean and not squared, as in the paper; where one is 0, its gradient counts as 0. So it does where φ moved by
 * no more than rounding: a version that is still its image may have other bits of φ where batches have different sizes.
 *
 * @returns [n·V, H, W, 3]
 */
export function markingGradient(
  network: FrozenNetwork,
  batch: VersionsBatch,
  { lambdaFeatureL2, lambdaImageL2 }: Pick<MarkingSettings, 'lambdaFeatureL2' | 'lambdaImageL2'>,
): Float32Array {
  const { height, width, moves, originals } = batch;
  const size = height * width * 3;
  const perImage = batch.carriers.shape[0] / originals.length;
  const seen = featureGradient(network, batch, lambdaFeatureL2);
  const gradient = new Float32Array(seen.length);
  for (let i = 0; i < batch.carriers.shape[0]; i++) {
    const image = Math.floor(i / perImage);
    const part = [i * size, (i + 1) * size] as const;
    addCropFlipGradient(seen.subarray(...part), height, width, moves[image] as CropFlip, gradient.subarray(...part));
    addImageTerm(
      gradient.subarray(...part),
      originals[image] as Uint8Array,
      batch.versions.subarray(...part),
      lambdaImageL2,
    );
  }
  return gradient;
}

/** Takes a version's gradient from normalised pixels to 8-bit levels, and adds that of λ_img ‖x̃ − x‖. */
function addImageTerm(gradient: Float32Array, original: Uint8Array, version: Uint8Array, lambdaImageL2: number): void {
  const change = (i: number): number => (version[i] as number) - (original[i] as number);
  let square = 0;
  for (let i = 0; i < gradient.length; i += 3) square += change(i) ** 2 + change(i + 1) ** 2 + change(i + 2) ** 2;
  const pull = lambdaImageL2 / Math.max(Math.sqrt(square), 1); // changes are integers: below 1 there is only 0
  const [red, green, blue] = LEVEL_GRADIENT as [number, number, number];
  for (let i = 0; i < gradient.length; i += 3) {
    gradient[i] = (gradient[i] as number) * red + pull * change(i);
    gradient[i + 1] = (gradient[i + 1] as number) * green + pull * change(i + 1);
    gradient[i + 2] = (gradient[i + 2] as number) * blue + pull * change(i + 2);
  }
}

/** Gradient of the feature terms with respect to the moved versions, normalised, [n·V, H, W, 3]. */
function featureGradient(
  network: FrozenNetwork,
  { height, width, originals, versions, carriers, moves }: VersionsBatch,
  lambdaFeatureL2: number,
): Float32Array {
  const size = height * width * 3;
  const n = originals.length;
  const perImage = carriers.shape[0] / n;
  const movedOriginals = new Uint8Array(n * size);
  const movedVersions = new Uint8Array(versions.length);
  originals.forEach((pixels, i) => {
    const move = moves[i] as CropFlip;
    cropFlip(pixels, height, width, move, movedOriginals.subarray(i * size, (i + 1) * size));
    for (let j = i * perImage; j < (i + 1) * perImage; j++) {
      cropFlip(versions.subarray(j * size), height, width, move, movedVersions.subarray(j * size, (j + 1) * size));
    }
  });
  const gradient = tf.tidy(() => {
    const features = network.features(tf.tensor(normalise(movedOriginals), [n, height, width, 3])); // [n, D]
    const repeated = tf.reshape(tf.tile(tf.expandDims(features, 1), [1, perImage, 1]), carriers.shape); // [n·V, D]
    const input = tf.tensor(normalise(movedVersions), [n * perImage, height, width, 3]);
    return network.imageGradient(input, (moved) => {
      const shift = tf.sub(moved, repeated); // [n·V, D]
      const rounding = tf.maximum(tf.mul(tf.norm(repeated, 2, 1, true), ROUNDING), 1e-12);
      const length = tf.maximum(tf.norm(shift, 2, 1, true), rounding); // [n·V, 1]
      return tf.sub(tf.mul(tf.div(shift, length), lambdaFeatureL2), carriers) as tf.Tensor2D;
    });
  });
  // Read outside `tidy`, which looks for tensors in every number of an array that it returns: that cost more than the network.
  const values = gradient.dataSync() as Float32Array;
  gradient.dispose();
  return values;
}
