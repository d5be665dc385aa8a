import { setImmediate } from 'node:timers/promises';

import {
  addCropFlipGradient,
  type CropFlip,
  cropFlip,
  drawCropFlip,
  type FrozenNetwork,
  normalise,
  PIXEL_STD,
  Rng,
  tf,
} from '@radiotracer/nets';

import { pixelStepper } from './pixel-stepper.ts';
import type { MarkingSettings } from './types.ts';

/** An image to mark, and the direction of each of its versions. */
export interface ImageToMark {
  readonly row: number;
  /** [H, W, 3]. */
  readonly pixels: Uint8Array;
  /** Unit vectors [D], one a version. */
  readonly carriers: readonly Float32Array[];
}

/** Gradient of a normalised pixel with respect to its 8-bit level, by channel. */
const LEVEL_GRADIENT = PIXEL_STD.map((std) => 1 / (255 * std));

/**
 * Versions x̃ of images, moved along their carriers u in the marking network's feature space φ: minimises over x̃
 *
 *   −⟨φ(x̃) − φ(x), u⟩ + λ_ft ‖φ(x̃) − φ(x)‖ + λ_img ‖x̃ − x‖      with ‖x̃ − x‖_∞ ≤ R   (paper, section 3.2)
 *
 * Norms are Euclidean and not squared, as in the paper; pixels are 8-bit levels.
 *
 * Each step looks at a random crop and mirror image, the same for x and all its versions. The pixels that the network
 * sees are rounded to 8 bits, and the gradient passes through the rounding: what is optimised is what is saved.
 *
 * @param onStep - called after each step with the number of steps done
 * @returns versions [n · V, H, W, 3]; row i·V + v is version v of image i
 */
export async function optimizeVersions(
  network: FrozenNetwork,
  images: readonly ImageToMark[],
  { height, width }: { readonly height: number; readonly width: number },
  settings: MarkingSettings,
  onStep: (done: number) => void,
): Promise<Uint8Array> {
  const size = height * width * 3;
  const carriers = images.flatMap((image) => image.carriers);
  const perImage = carriers.length / images.length;
  const originals = new Uint8Array(carriers.length * size);
  carriers.forEach((_, i) => originals.set((images[Math.floor(i / perImage)] as ImageToMark).pixels, i * size));

  const deltas = new Float32Array(originals.length);
  const versions = Uint8Array.from(originals);
  const gradient = new Float32Array(originals.length);
  const stepper = pixelStepper(settings, originals.length);
  const u = tf.stack(carriers.map((carrier) => tf.tensor1d(carrier))) as tf.Tensor2D; // [n·V, D]
  try {
    for (let step = 0; step < settings.steps; step++) {
      const moves = images.map(({ row }) => drawCropFlip(Rng.of(settings.seed, 'mark', row, step), settings));
      const moveOf = (i: number) => moves[Math.floor(i / perImage)] as CropFlip;
      featureGradient(network, images, versions, moves, u, { height, width }, settings, (seen) => {
        gradient.fill(0);
        for (let i = 0; i < carriers.length; i++) {
          const part = [i * size, (i + 1) * size] as const;
          addCropFlipGradient(seen.subarray(...part), height, width, moveOf(i), gradient.subarray(...part));
        }
      });
      addImageTerm(gradient, originals, versions, size, settings);
      stepper.step(deltas, gradient);
      for (let i = 0; i < deltas.length; i++) {
        const original = originals[i] as number;
        const low = Math.max(-settings.radius, -original);
        const high = Math.min(settings.radius, 255 - original);
        const delta = Math.min(high, Math.max(low, deltas[i] as number));
        deltas[i] = delta;
        versions[i] = Math.round(original + delta);
      }
      onStep(step + 1);
      await setImmediate();
    }
    return versions;
  } finally {
    u.dispose();
  }
}

/** Takes the gradient from normalised pixels to 8-bit levels, and adds that of λ_img ‖x̃ − x‖. */
function addImageTerm(
  gradient: Float32Array,
  originals: Uint8Array,
  versions: Uint8Array,
  size: number,
  { lambdaImageL2 }: MarkingSettings,
): void {
  const change = (i: number) => (versions[i] as number) - (originals[i] as number);
  for (let start = 0; start < gradient.length; start += size) {
    let square = 0;
    for (let i = start; i < start + size; i++) square += change(i) ** 2;
    const pull = lambdaImageL2 / Math.max(Math.sqrt(square), 1);
    for (let i = start; i < start + size; i++) {
      gradient[i] = (gradient[i] as number) * (LEVEL_GRADIENT[i % 3] as number) + pull * change(i);
    }
  }
}

/** Gradient of the feature terms with respect to the normalised, moved versions, handed to `use` as [n·V, H, W, 3]. */
function featureGradient(
  network: FrozenNetwork,
  images: readonly ImageToMark[],
  versions: Uint8Array,
  moves: readonly CropFlip[],
  u: tf.Tensor2D,
  { height, width }: { readonly height: number; readonly width: number },
  { lambdaFeatureL2 }: MarkingSettings,
  use: (gradient: Float32Array) => void,
): void {
  const size = height * width * 3;
  const n = images.length;
  const perImage = u.shape[0] / n;
  const movedOriginals = new Uint8Array(n * size);
  const movedVersions = new Uint8Array(versions.length);
  images.forEach(({ pixels }, i) => {
    const move = moves[i] as CropFlip;
    cropFlip(pixels, height, width, move, movedOriginals.subarray(i * size, (i + 1) * size));
    for (let j = i * perImage; j < (i + 1) * perImage; j++) {
      cropFlip(versions.subarray(j * size), height, width, move, movedVersions.subarray(j * size, (j + 1) * size));
    }
  });
  tf.tidy(() => {
    const originals = network.features(tf.tensor(normalise(movedOriginals), [n, height, width, 3])); // [n, D]
    const repeated = tf.reshape(tf.tile(tf.expandDims(originals, 1), [1, perImage, 1]), u.shape); // [n·V, D]
    const input = tf.tensor(normalise(movedVersions), [n * perImage, height, width, 3]);
    const gradient = network.imageGradient(input, (features) => {
      const shift = tf.sub(features, repeated); // [n·V, D]
      const length = tf.maximum(tf.norm(shift, 2, 1, true), 1e-12); // [n·V, 1]
      return tf.sub(tf.mul(tf.div(shift, length), lambdaFeatureL2), u) as tf.Tensor2D;
    });
    use(gradient.dataSync() as Float32Array);
  });
}
