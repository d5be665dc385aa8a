import { describe, expect, it } from '@jest/globals';
import { Rng, softmaxCrossEntropy, tf } from '@radiotracer/nets';

import { fixture } from '../../test/augmentation-fixture.ts';
import { cutMix, drawBeta, mixBatch, mixUp, softTargets, type SoftBatch } from './mix.ts';

const { mixtures, smoothing } = fixture;

function batch(): SoftBatch {
  const { height, width, classes, images, labels } = mixtures;
  return { height, width, classes, images: Float32Array.from(images), targets: softTargets(labels, classes) };
}

/** Sums of two products in float32, of numbers below 4. */
const TOLERANCE = 1e-6;

function expectClose(values: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(values).toHaveLength(expected.length);
  const differences = Array.from(values, (value, i) => Math.abs(value - (expected[i] as number)));
  expect(Math.max(...differences)).toBeLessThan(TOLERANCE);
}

describe('a batch', () => {
  it('is mixed by mixup as by torchvision', () => {
    const mixed = batch();
    mixUp(mixed, mixtures.lambda);
    expectClose(mixed.images, mixtures.mixup.images);
    expectClose(mixed.targets, mixtures.mixup.targets);
  });

  it('is mixed by CutMix as by torchvision', () => {
    const mixed = batch();
    cutMix(mixed, mixtures.box);
    expectClose(mixed.images, mixtures.cutmix.images);
    expectClose(mixed.targets, mixtures.cutmix.targets);
  });

  it('is mixed in one of both ways, each half of the time, where both are asked for', () => {
    let blended = 0;
    for (let i = 0; i < 200; i++) {
      const mixed = batch();
      const own = mixed.images[0];
      const before = mixtures.images.at(-(mixtures.height * mixtures.width * 3));
      mixBatch(mixed, { mixup: 1, cutmix: 1 }, Rng.of(i));
      if (mixed.images[0] !== own && mixed.images[0] !== Math.fround(before as number)) blended++;
    }
    // 200 fair coins: outside of 72..128 with probability 1e-4.
    expect(blended).toBeGreaterThanOrEqual(72);
    expect(blended).toBeLessThanOrEqual(128);
  });
});

it('smoothed labels give the loss of torch', () => {
  const [rows, classes] = [smoothing.logits.length, smoothing.logits[0]?.length ?? 0];
  const targets = tf.tensor2d(softTargets(smoothing.labels, classes, smoothing.smoothing), [rows, classes]);
  const { loss, gradient } = softmaxCrossEntropy(tf.tensor2d(smoothing.logits), targets);
  expectClose(
    [...loss.dataSync()].map((value) => value / 4),
    smoothing.losses.map((value) => value / 4),
  );
  tf.dispose([loss, gradient, targets]);
});

describe('drawBeta', () => {
  const DRAWS = 4000;

  it.each([0.01, 0.2, 1])('has the moments of Beta(%d, %d)', (alpha) => {
    const draws = Array.from({ length: DRAWS }, (_, i) => drawBeta(alpha, Rng.of(1, 'beta', i)));
    const mean = draws.reduce((sum, x) => sum + x, 0) / DRAWS;
    const second = draws.reduce((sum, x) => sum + x * x, 0) / DRAWS;
    const fourth = draws.reduce((sum, x) => sum + x ** 4, 0) / DRAWS;
    // E x² of Beta(α, α) is (α + 1) / (2 (2α + 1)); four standard errors are missed once in 16,000 times.
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt((second - mean ** 2) / DRAWS));
    const expected = (alpha + 1) / (2 * (2 * alpha + 1));
    expect(Math.abs(second - expected)).toBeLessThan(4 * Math.sqrt((fourth - second ** 2) / DRAWS));
  });
});
