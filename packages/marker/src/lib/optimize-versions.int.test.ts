import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { normalise, tf } from '@radiotracer/nets';

import { direction, IMAGE_SIZE, randomImage, SIDE, tinyNetwork } from '../../test/tiny-network.ts';
import { linf, psnrDb } from './distortion.ts';
import { PAPER_MARKING } from './marking-settings.ts';
import { type ImageToMark, optimizeVersions } from './optimize-versions.ts';
import type { MarkingSettings } from './types.ts';

const network = tinyNetwork(3);
afterAll(() => network.dispose());

const SETTINGS: MarkingSettings = { ...PAPER_MARKING, optimizer: 'adam', radius: 8, steps: 20, cropPadding: 1 };
const VERSIONS = 4;
const images = [1, 2, 3].map((row) => imageOf(row, randomImage(row)));

function imageOf(row: number, pixels: Uint8Array): ImageToMark {
  const carriers = Array.from({ length: VERSIONS }, (_, v) => direction(10 * row + v, network.featureSize));
  return { row, pixels, carriers };
}

function optimize(
  toMark: readonly ImageToMark[],
  change: Partial<MarkingSettings> = {},
  onStep: (done: number) => void = () => {},
): Promise<Uint8Array> {
  return optimizeVersions(network, toMark, { height: SIDE, width: SIDE }, { ...SETTINGS, ...change }, onStep);
}

/** Version v of image i. */
function versionOf(made: Uint8Array, i: number, v: number): Uint8Array {
  const row = i * VERSIONS + v;
  return made.subarray(row * IMAGE_SIZE, (row + 1) * IMAGE_SIZE);
}

function featuresOf(pixels: Uint8Array): number[] {
  return Array.from(tf.tidy(() => network.features(tf.tensor(normalise(pixels), [1, SIDE, SIDE, 3])).dataSync()));
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Feature shift of every version of every image, with its carrier. */
function shiftsOf(made: Uint8Array): { shift: number[]; u: Float32Array }[] {
  return images.flatMap(({ pixels, carriers }, i) => {
    const before = featuresOf(pixels);
    return carriers.map((u, v) => {
      const shift = featuresOf(versionOf(made, i, v)).map((value, d) => value - (before[d] as number));
      return { shift, u };
    });
  });
}

/** Share of pixels that two sets of versions have different. */
function shareOfDifferent(a: Uint8Array, b: Uint8Array): number {
  return a.filter((value, i) => value !== b[i]).length / a.length;
}

describe('optimizeVersions, along the carriers', () => {
  let bySteps: { shift: number[]; u: Float32Array }[][];
  beforeAll(async () => {
    bySteps = await Promise.all([5, 20, 60].map(async (steps) => shiftsOf(await optimize(images, { steps }))));
  });

  it('moves features further along the carrier with every step, and not along other directions', () => {
    const own = bySteps.map((all) => mean(all.map(({ shift, u }) => dot(shift, u))));
    const other = bySteps.map((all) =>
      mean(all.map(({ shift }, i) => dot(shift, direction(1000 + i, network.featureSize)))),
    );
    expect(own).toEqual([...own].sort((a, b) => a - b));
    expect(own[2]).toBeGreaterThan(5 * (own[0] as number));
    expect(Math.abs(other[2] as number)).toBeLessThan(0.3 * (own[2] as number)); // seen: 0.1 at most
  });

  it('points each version along its own carrier, and not along those of the other versions', () => {
    const last = bySteps[2] as { shift: number[]; u: Float32Array }[];
    const cosine = ({ shift }: { shift: number[] }, u: Float32Array) => dot(shift, u) / Math.hypot(...shift);
    const own = mean(last.map((one) => cosine(one, one.u)));
    const others = mean(last.map((one, i) => cosine(one, (last[i ^ 1] as { u: Float32Array }).u)));
    expect(own).toBeGreaterThan(0.3);
    expect(Math.abs(others)).toBeLessThan(own / 2);
  });
});

describe('optimizeVersions, in pixels', () => {
  const striped = Uint8Array.from({ length: IMAGE_SIZE }, (_, i) => (i % 2 === 0 ? 0 : 255));
  const extremes = [new Uint8Array(IMAGE_SIZE), new Uint8Array(IMAGE_SIZE).fill(255), striped, randomImage(7)];

  it.each([
    { radius: 1, optimizer: 'adam' },
    { radius: 3, optimizer: 'adam' },
    { radius: 3, optimizer: 'sgd', learningRate: 1000 },
  ] as const)('never leaves the radius, nor 0..255, on black, white and striped images: %p', async (change) => {
    const toMark = extremes.map((pixels, row) => imageOf(row, pixels));
    const made = await optimize(toMark, change);
    const largest = toMark.flatMap(({ pixels }, i) =>
      Array.from({ length: VERSIONS }, (_, v) => linf(pixels, versionOf(made, i, v))),
    );
    expect(largest).toEqual(largest.map(() => change.radius)); // reached, and not passed
    const ofBlack = made.subarray(0, VERSIONS * IMAGE_SIZE);
    const ofWhite = made.subarray(VERSIONS * IMAGE_SIZE, 2 * VERSIONS * IMAGE_SIZE);
    expect(Math.max(...ofBlack)).toBe(change.radius); // a level below 0 would have become 255
    expect(Math.min(...ofWhite)).toBe(255 - change.radius);
  });

  it('adds up changes below half a level, though the network sees rounded pixels', async () => {
    const slow = { learningRate: 0.2, lambdaImageL2: 0, cropPadding: 0, horizontalFlip: false };
    const [image] = images as [ImageToMark];
    const original = Buffer.concat(image.carriers.map(() => image.pixels));
    expect(shareOfDifferent(await optimize([image], { ...slow, steps: 2 }), original)).toBe(0); // 0.4 of a level
    expect(shareOfDifferent(await optimize([image], { ...slow, steps: 3 }), original)).toBeGreaterThan(0.9);
  });

  it('changes less where the image term weighs more', async () => {
    const psnr = async (lambdaImageL2: number) => {
      const made = await optimize(images, { lambdaImageL2 });
      return images.map(({ pixels }, i) => mean([0, 1, 2, 3].map((v) => psnrDb(pixels, versionOf(made, i, v)))));
    };
    const [light, heavy] = [await psnr(0), await psnr(0.02)];
    heavy.forEach((value, i) => expect(value).toBeGreaterThan((light[i] as number) + 6)); // dB: half the change
  });

  it('shortens the feature shift where the feature term weighs more', async () => {
    const length = async (lambdaFeatureL2: number) =>
      mean(shiftsOf(await optimize(images, { lambdaFeatureL2 })).map(({ shift }) => Math.hypot(...shift)));
    expect(await length(2)).toBeLessThan(0.5 * (await length(0)));
  });
});

describe('optimizeVersions, as a function', () => {
  it('gives the same bytes again; another carrier, row or seed gives others', async () => {
    const [image] = images as [ImageToMark];
    const made = await optimize([image]);
    expect(await optimize([image])).toEqual(made);
    const different = async (toMark: ImageToMark, change = {}) =>
      shareOfDifferent(await optimize([toMark], change), made);
    expect(await different({ ...image, row: 99 })).toBeGreaterThan(0.1); // other crops
    expect(await different(image, { seed: 1 })).toBeGreaterThan(0.1);
    expect(shareOfDifferent(versionOf(made, 0, 0), versionOf(made, 0, 1))).toBeGreaterThan(0.1);
  });

  it('makes a version the same whatever shares the batch, and whichever version it is', async () => {
    // Equal to the last bit on processors with AVX-512. With AVX2 features have other bits in batches of other sizes; that
    // turns a few signs in Adam, and more with every step, as what was turned is what the next step sees.
    const noise = 0.01;
    const few = { steps: 3 };
    const [, second] = images as [ImageToMark, ImageToMark];
    const together = await optimize(images, few);
    const alone = await optimize([second], few);
    expect(shareOfDifferent(together.subarray(VERSIONS * IMAGE_SIZE).subarray(0, alone.length), alone)).toBeLessThan(
      noise,
    );
    const turned = await optimize([{ ...second, carriers: [...second.carriers].reverse() }], few);
    for (const v of [0, 1, 2, 3]) {
      expect(shareOfDifferent(versionOf(turned, 0, VERSIONS - 1 - v), versionOf(alone, 0, v))).toBeLessThan(noise);
    }
  });

  it('tells every step, and stops where the caller throws', async () => {
    const steps: number[] = [];
    await optimize(images.slice(0, 1), { steps: 3 }, (done) => steps.push(done));
    expect(steps).toEqual([1, 2, 3]);
    const stopped = optimize(images.slice(0, 1), { steps: 3 }, () => {
      throw new Error('stop');
    });
    await expect(stopped).rejects.toThrow('stop');
  });

  it('leaves no tensors behind, finished or stopped', async () => {
    const { numTensors } = tf.memory();
    await optimize(images, { steps: 2 });
    expect(tf.memory().numTensors).toBe(numTensors);
    const stopped = optimize(images, { steps: 2 }, () => {
      throw new Error('stop');
    });
    await expect(stopped).rejects.toThrow('stop');
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
