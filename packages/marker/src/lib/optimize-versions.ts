import { setImmediate } from 'node:timers/promises';

import { drawCropFlip, type FrozenNetwork, Rng, tf } from '@radiotracer/nets';

import { markingGradient } from './marking-gradient.ts';
import { pixelStepper } from './pixel-stepper.ts';
import type { MarkingSettings } from './types.ts';

/** An image to mark, and the direction of each of its versions. */
export interface ImageToMark {
  readonly row: number;
  /** [H, W, 3]. */
  readonly pixels: Uint8Array;
  /** Unit vectors [D], one a version; of as many versions for every image. */
  readonly carriers: readonly Float32Array[];
}

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
  const originals = images.flatMap(({ pixels, carriers }) => carriers.map(() => pixels)); // [n·V]
  const versions = new Uint8Array(originals.length * size);
  originals.forEach((pixels, i) => versions.set(pixels, i * size));

  const deltas = new Float32Array(versions.length);
  const stepper = pixelStepper(settings, versions.length);
  const carriers = tf.tidy(
    () => tf.stack(images.flatMap((image) => image.carriers.map((u) => tf.tensor1d(u)))) as tf.Tensor2D, // [n·V, D]
  );
  const batch = { height, width, originals: images.map(({ pixels }) => pixels), versions, carriers };
  try {
    for (let step = 0; step < settings.steps; step++) {
      const moves = images.map(({ row }) => drawCropFlip(Rng.of(settings.seed, 'mark', row, step), settings));
      stepper.step(deltas, markingGradient(network, { ...batch, moves }, settings));
      originals.forEach((original, i) => {
        const part = [i * size, (i + 1) * size] as const;
        project(original, deltas.subarray(...part), versions.subarray(...part), settings);
      });
      onStep(step + 1);
      await setImmediate();
    }
    return versions;
  } finally {
    carriers.dispose();
  }
}

/** Brings the change of a version back into the radius and into 0..255, and rounds the pixels. */
function project(original: Uint8Array, delta: Float32Array, version: Uint8Array, { radius }: MarkingSettings): void {
  for (let i = 0; i < delta.length; i++) {
    const level = original[i] as number;
    const low = level < radius ? -level : -radius;
    const high = 255 - level < radius ? 255 - level : radius;
    let change = delta[i] as number;
    if (change < low) change = low;
    if (change > high) change = high;
    delta[i] = change;
    version[i] = Math.round(level + change);
  }
}
