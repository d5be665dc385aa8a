import { describe, expect, it } from '@jest/globals';

import { direction, dot, norm, slope } from '../../test/finite-differences.ts';
import { type Array64, array64, features64, meanLoss64, parameters64 } from '../../test/float64-network.ts';
import { randomImages, smallArchitecture, trainableNames, trainedLooking } from '../../test/small-network.ts';
import { FrozenNetwork } from './frozen-network.ts';
import { Rng } from './rng.ts';
import { tf } from './tensorflow.ts';
import { trainingPass } from './training-pass.ts';

/**
 * Of the gradient's length: twenty layers in float32 against finite differences in float64, in a direction that is half
 * random. Measured 8e−6 at worst.
 */
const TOLERANCE = 3e-5;
const CLASSES = 5;
const setups = [
  { stem: 'imagenet', size: 32, n: 6 },
  { stem: 'small', size: 16, n: 4 },
] as const;

describe.each(setups)('a training pass with the $stem stem', ({ stem, size, n }) => {
  const architecture = smallArchitecture(stem);
  const parameters = trainedLooking(architecture, CLASSES, 1);
  const images = randomImages(n, size, size, 2);
  const labels = Array.from({ length: n }, (_, i) => i % CLASSES);
  const pass = trainingPass(architecture, parameters, images, tf.tensor1d(labels, 'int32'));
  const values = parameters64(parameters);
  const pixels = array64(images);

  /** By how much a gradient misses the slope of the loss, as a share of its length. */
  function miss(name: string, gradient: Float64Array): number {
    const along = direction(Rng.of(3, name), gradient);
    const at = values[name] as Array64;
    const measured = slope((step) => {
      const moved = at.data.map((value, i) => value + step * (along[i] as number));
      const { loss, pattern } = meanLoss64(architecture, { ...values, [name]: { ...at, data: moved } }, pixels, labels);
      return { value: loss, pattern };
    });
    return Math.abs(measured - dot(gradient, along)) / norm(gradient);
  }
  const gradientOf = (name: string): Float64Array => array64(pass.gradients[name] as tf.Tensor).data;

  it('has the loss of the float64 network', () => {
    const { loss } = meanLoss64(architecture, values, pixels, labels);
    expect(Math.abs(loss - (tf.mean(pass.loss).dataSync()[0] as number))).toBeLessThan(1e-5);
  });

  it('has a gradient for every parameter that is trained, of its shape', () => {
    const shapes = Object.fromEntries(trainableNames(parameters).map((name) => [name, parameters[name]?.shape]));
    const found = Object.entries(pass.gradients).map(([name, gradient]) => [name, gradient.shape]);
    expect(Object.fromEntries(found)).toEqual(shapes);
  });

  it.each(trainableNames(parameters))('%s: the gradient is the slope of the mean loss', (name) => {
    expect(norm(gradientOf(name))).toBeGreaterThan(1e-4); // else nothing is checked
    expect(miss(name, gradientOf(name))).toBeLessThan(TOLERANCE);
  });

  it('a gradient that is one percent too long, turned, or of another parameter is noticed', () => {
    const name = 'layer2.0.conv1.weight';
    const turned = array64(tf.transpose(pass.gradients[name] as tf.Tensor, [1, 0, 2, 3])).data;
    for (const wrong of [gradientOf(name).map((value) => 1.01 * value), turned]) {
      expect(miss(name, wrong)).toBeGreaterThan(100 * TOLERANCE);
    }
    expect(miss('bn1.weight', gradientOf('bn1.bias'))).toBeGreaterThan(100 * TOLERANCE);
  });
});

describe.each(setups)('a frozen network with the $stem stem', ({ stem, size }) => {
  const architecture = smallArchitecture(stem);
  const parameters = trainedLooking(architecture, CLASSES, 4);
  const values = parameters64(parameters);
  const network = FrozenNetwork.fold(architecture, parameters);
  const images = randomImages(2, size, size - 3, 5);
  const pixels = array64(images);
  const target = randomImages(1, 1, 2 * network.featureSize, 6)
    .dataSync()
    .slice(0, 2 * network.featureSize); // [2, D]

  /** ½‖φ‖² + ⟨φ, target⟩, summed over the images; its gradient with respect to φ is φ + target. */
  function objective(moved: Array64): { value: number; pattern: number } {
    const { features, pattern } = features64(architecture, values, moved, 'evaluation');
    const terms = features.data.map((value, i) => value ** 2 / 2 + value * (target[i] as number));
    return { value: terms.reduce((a, b) => a + b, 0), pattern };
  }
  const found = network.imageGradient(images, (features) => tf.add(features, tf.tensor(target, features.shape)));
  const gradient = array64(found);
  const perImage = size * (size - 3) * 3;
  const isBorder = (i: number): boolean => {
    const pixel = Math.floor((i % perImage) / 3);
    const [y, x] = [Math.floor(pixel / (size - 3)), pixel % (size - 3)];
    return y === 0 || x === 0 || y === size - 1 || x === size - 4;
  };
  function miss(mask: (i: number) => boolean, claimed: Float64Array): number {
    const along = direction(Rng.of(7), claimed, mask);
    const measured = slope((step) =>
      objective({ ...pixels, data: pixels.data.map((value, i) => value + step * (along[i] as number)) }),
    );
    return Math.abs(measured - dot(claimed, along)) / norm(claimed.map((value, i) => (mask(i) ? value : 0)));
  }

  it.each<[string, (i: number) => boolean]>([
    ['all pixels', () => true],
    ['the first image', (i) => i < perImage],
    ['the second image', (i) => i >= perImage],
    ['the border', isBorder],
    ['the blue channel', (i) => i % 3 === 2],
  ])('%s: the image gradient is the slope', (_, mask) => {
    expect(gradient.shape).toEqual(images.shape);
    expect(norm(gradient.data)).toBeGreaterThan(1e-2);
    expect(miss(mask, gradient.data)).toBeLessThan(TOLERANCE);
  });

  it('a gradient that is one percent too long, or mirrored, is noticed', () => {
    const mirrored = array64(tf.reverse(found, 2)).data;
    for (const wrong of [gradient.data.map((value) => 1.01 * value), mirrored]) {
      expect(miss(() => true, wrong)).toBeGreaterThan(100 * TOLERANCE);
    }
  });
});
