import { afterAll, describe, expect, it } from '@jest/globals';
import { type CropFlip, cropFlip, NO_CROP_FLIP, normalise, Rng, tf } from '@radiotracer/nets';

import { direction, IMAGE_SIZE, randomImage, SIDE, tinyNetwork } from '../../test/tiny-network.ts';
import { markingGradient } from './marking-gradient.ts';
import type { MarkingSettings } from './types.ts';

type Lambdas = Pick<MarkingSettings, 'lambdaFeatureL2' | 'lambdaImageL2'>;

const network = tinyNetwork(3);
afterAll(() => network.dispose());

/** Two images, each with its own move and two versions up to 8 levels away. */
const originals = [randomImage(1), randomImage(2)];
const moves: CropFlip[] = [{ top: 1, left: -2, flip: true }, NO_CROP_FLIP];
const versions = Uint8Array.from({ length: 4 * IMAGE_SIZE }, (_, i) => {
  const level = originals[Math.floor(i / IMAGE_SIZE / 2)]?.[i % IMAGE_SIZE] ?? NaN;
  return Math.min(255, Math.max(0, level + Rng.of(5, i).integer(17) - 8));
});
const carriers = [1, 2, 3, 4].map((seed) => direction(seed, network.featureSize));

/** Each term alone, strong enough to be seen, and all together. */
const LAMBDAS = {
  carrier: { lambdaFeatureL2: 0, lambdaImageL2: 0 },
  feature: { lambdaFeatureL2: 3, lambdaImageL2: 0 },
  image: { lambdaFeatureL2: 0, lambdaImageL2: 0.05 },
  all: { lambdaFeatureL2: 0.5, lambdaImageL2: 0.02 },
} satisfies Record<string, Lambdas>;

/** Levels by which a version moves, all pixels together: float32 features differ by enough, few ReLUs switch. */
const STEP = 0.02;
/** Of the gradient's length. ReLUs that switch on the way, and rounding of float32 features: 0.3% at most was seen. */
const TOLERANCE = 0.01;

/** The gradient of version v, [H, W, 3]. */
function gradientOf(v: number, lambdas: Lambdas): Float32Array {
  const u = tf.tensor2d(carriers.map((carrier) => Array.from(carrier)));
  const batch = { height: SIDE, width: SIDE, originals, versions, carriers: u, moves };
  const gradient = markingGradient(network, batch, lambdas);
  u.dispose();
  return gradient.subarray(v * IMAGE_SIZE, (v + 1) * IMAGE_SIZE);
}

function featuresOf(pixels: ArrayLike<number>, move: CropFlip): Float64Array {
  const moved = new Float32Array(IMAGE_SIZE);
  cropFlip(pixels, SIDE, SIDE, move, moved);
  return Float64Array.from(tf.tidy(() => network.features(tf.tensor(normalise(moved), [1, SIDE, SIDE, 3])).dataSync()));
}

/** The documented loss of version v with pixels that need not be integers. */
function lossOf(v: number, pixels: Float64Array, { lambdaFeatureL2, lambdaImageL2 }: Lambdas): number {
  const image = v >> 1;
  const original = originals[image] as Uint8Array;
  const before = featuresOf(original, moves[image] as CropFlip);
  const shift = featuresOf(pixels, moves[image] as CropFlip).map((value, d) => value - (before[d] as number));
  const along = shift.reduce((sum, value, d) => sum + value * (carriers[v]?.[d] ?? NaN), 0);
  const change = pixels.map((value, i) => value - (original[i] as number));
  return -along + lambdaFeatureL2 * Math.hypot(...shift) + lambdaImageL2 * Math.hypot(...change);
}

/** Central difference of version v's loss along a unit vector of pixels. */
function slope(v: number, along: Float64Array, lambdas: Lambdas): number {
  const at = (t: number) =>
    lossOf(
      v,
      Float64Array.from(along, (a, i) => (versions[v * IMAGE_SIZE + i] as number) + t * a),
      lambdas,
    );
  return (at(STEP) - at(-STEP)) / (2 * STEP);
}

const lengthOf = (vector: ArrayLike<number>) => Math.hypot(...Array.from(vector));

/** How far off a gradient is from the slopes of the loss along the gradient of every term, in shares of its length. */
function error(v: number, gradient: Float32Array, lambdas: Lambdas): number {
  const errors = Object.values(LAMBDAS).map((other) => {
    const way = gradientOf(v, other);
    const along = Float64Array.from(way, (value) => value / lengthOf(way));
    const expected = along.reduce((sum, value, i) => sum + value * (gradient[i] as number), 0);
    return Math.abs(slope(v, along, lambdas) - expected) / lengthOf(gradient);
  });
  return Math.max(...errors);
}

describe('markingGradient', () => {
  it.each(Object.entries(LAMBDAS))('is that of the documented loss, by finite differences: %s', (_, lambdas) => {
    for (const v of [0, 1, 2, 3]) expect(error(v, gradientOf(v, lambdas), lambdas)).toBeLessThan(TOLERANCE);
  });

  it('is not that of another weight, nor of another version’s carrier: finite differences would tell', () => {
    const fewer = { ...LAMBDAS.all, lambdaFeatureL2: 0.5 * LAMBDAS.all.lambdaFeatureL2 };
    expect(error(0, gradientOf(0, fewer), LAMBDAS.all)).toBeGreaterThan(2 * TOLERANCE);
    const lighter = { ...LAMBDAS.all, lambdaImageL2: 0.5 * LAMBDAS.all.lambdaImageL2 };
    expect(error(0, gradientOf(0, lighter), LAMBDAS.all)).toBeGreaterThan(2 * TOLERANCE);
    expect(error(0, gradientOf(1, LAMBDAS.carrier), LAMBDAS.carrier)).toBeGreaterThan(20 * TOLERANCE);
  });

  it('leaves out pixels that the crop does not show', () => {
    const gradient = gradientOf(0, LAMBDAS.carrier); // its crop starts at row 1
    const row = (y: number) => gradient.subarray(y * SIDE * 3, (y + 1) * SIDE * 3);
    expect(lengthOf(row(0))).toBe(0);
    expect(lengthOf(row(1))).toBeGreaterThan(0);
    expect(lengthOf(gradientOf(2, LAMBDAS.carrier).subarray(0, SIDE * 3))).toBeGreaterThan(0); // not moved
  });

  it('is finite where a version is still its image: the gradient of both norms counts as 0', () => {
    const u = tf.tensor2d([Array.from(carriers[0] as Float32Array)]);
    const still = { height: SIDE, width: SIDE, originals: [randomImage(1)], versions: randomImage(1), carriers: u };
    const [all, carrier] = [LAMBDAS.all, LAMBDAS.carrier].map((lambdas) =>
      markingGradient(network, { ...still, moves: [NO_CROP_FLIP] }, lambdas),
    ) as [Float32Array, Float32Array];
    u.dispose();
    expect(all).toEqual(carrier);
    expect(lengthOf(all)).toBeGreaterThan(0);
  });
});
