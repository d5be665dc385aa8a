import { describe, expect, it } from '@jest/globals';

import { array64 } from '../../test/float64-network.ts';
import { dot } from '../../test/finite-differences.ts';
import { randomImages } from '../../test/small-network.ts';
import { convolve } from './convolution.ts';
import { addN, batchNorm, relu, softmaxCrossEntropy } from './kernels.ts';
import { maxPool } from './max-pool.ts';
import { tf } from './tensorflow.ts';

/** Sums of a few thousand float32 products, as a share of their size. */
const TOLERANCE = 1e-5;

const inner = (a: tf.Tensor, b: tf.Tensor): number => dot(array64(a).data, array64(b).data);
const length = (a: tf.Tensor): number => Math.sqrt(inner(a, a));
const values = (a: tf.Tensor): number[] => Array.from(a.dataSync());

/** [N, H, W, C] of standard normal numbers. */
function normal(shape: readonly number[], seed: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.reshape(tf.slice(tf.reshape(randomImages(1, 1, size, seed), [-1]), 0, size), [...shape]);
}

describe.each([
  { size: 7, stride: 2, padding: 3 },
  { size: 3, stride: 1, padding: 1 },
  { size: 3, stride: 2, padding: 1 },
  { size: 1, stride: 2, padding: 0 },
])('a convolution $size × $size with stride $stride', ({ size, stride, padding }) => {
  const window = { stride, padding };

  it.each([
    [9, 12],
    [12, 9],
    [1, 1],
  ])('of %d × %d pixels: both gradients are adjoint to it', (height, width) => {
    const x = normal([2, height, width, 3], 1);
    const filter = normal([size, size, 3, 5], 2);
    const { y, inputGradient, filterGradient } = convolve(x, filter, window);
    const extent = (pixels: number): number => Math.floor((pixels + 2 * padding - size) / stride) + 1;
    expect(y.shape).toEqual([2, extent(height), extent(width), 5]);
    const dy = normal(y.shape, 3);
    const scale = TOLERANCE * length(y) * length(dy);
    const dx = inputGradient(dy);
    const dFilter = filterGradient(dy);
    expect(Math.abs(inner(y, dy) - inner(x, dx))).toBeLessThan(scale);
    expect(Math.abs(inner(y, dy) - inner(filter, dFilter))).toBeLessThan(scale);
    expect(dx.shape).toEqual(x.shape);
  });

  it('adds a bias and cuts below zero on the way, if asked to', () => {
    const [x, filter] = [normal([2, 9, 8, 3], 7), normal([size, size, 3, 4], 8)];
    const bias = tf.tensor1d([1, -1, 0.5, 2]);
    const biased = tf.add(convolve(x, filter, window).y, bias);
    const apart = tf.sub(convolve(x, filter, window, { bias, relu: false }).y, biased);
    expect(length(apart)).toBeLessThan(TOLERANCE * length(biased));
    const cutApart = tf.sub(convolve(x, filter, window, { bias, relu: true }).y, relu(biased));
    expect(length(cutApart)).toBeLessThan(TOLERANCE * length(biased));
  });

  it('pads alike on all sides: an image turned half round, with the filter, gives the result turned', () => {
    const x = normal([1, 9, 11, 3], 4); // odd: all strides start and end alike
    const filter = normal([size, size, 3, 2], 5);
    const turned = convolve(tf.reverse(x, [1, 2]), tf.reverse(filter, [0, 1]), window).y;
    const difference = tf.sub(tf.reverse(turned, [1, 2]), convolve(x, filter, window).y);
    expect(length(difference)).toBeLessThan(TOLERANCE * length(turned));
  });
});

describe('max-pooling', () => {
  it('takes the largest of 3 × 3 around every second pixel, and its gradient goes there', () => {
    const x = tf.tensor([0, 1, 2, 3, 9, 5, 6, 7, 8, 4, 10, 11, 12, 13, 14, 15], [1, 4, 4, 1]);
    const { y, inputGradient } = maxPool(x, { size: 3, stride: 2, padding: 1 });
    expect(values(y)).toEqual([9, 7, 13, 15]);
    const dx = inputGradient(tf.tensor([1, 10, 100, 1000], [1, 2, 2, 1]));
    expect(values(dx)).toEqual([0, 0, 0, 0, 1, 0, 0, 10, 0, 0, 0, 0, 0, 100, 0, 1000]);
  });
});

describe('batch normalisation', () => {
  it('normalises by the batch, and moves the running statistics a tenth of the way', () => {
    const x = tf.tensor([1, 3, 5, 7], [4, 1, 1, 1]);
    const one = tf.tensor1d([1]);
    const { y, runningMean, runningVariance } = batchNorm(x, one, tf.tensor1d([10]), tf.tensor1d([2]), one, {
      relu: false,
    });
    const sd = Math.sqrt(5 + 1e-5);
    values(y).forEach((value, i) => expect(value).toBeCloseTo(10 + (2 * i - 3) / sd, 5));
    expect(values(runningMean)[0]).toBeCloseTo(0.9 * 2 + 0.1 * 4, 6);
    expect(values(runningVariance)[0]).toBeCloseTo(0.9 + 0.1 * (20 / 3), 6); // unbiased, as in PyTorch
  });

  it('cuts below zero after normalising, where a ReLU follows', () => {
    const x = normal([2, 3, 3, 4], 6);
    const [scale, offset] = [tf.tensor1d([1, -2, 3, 0.5]), tf.tensor1d([0, 1, -1, 0.2])];
    const [mean, variance] = [tf.zeros([4]), tf.ones([4])];
    const plain = batchNorm(x, scale, offset, mean, variance, { relu: false });
    const cut = batchNorm(x, scale, offset, mean, variance, { relu: true });
    expect(length(tf.sub(cut.y, relu(plain.y)))).toBeLessThan(TOLERANCE * length(cut.y));
    expect(values(cut.runningVariance)).toEqual(values(plain.runningVariance));
  });
});

describe('softmax cross-entropy', () => {
  it('is −log softmax, and its gradient softmax less one-hot; large logits do no harm', () => {
    const { loss, gradient } = softmaxCrossEntropy(
      tf.tensor([0, Math.log(3), 0, 1000], [2, 2]),
      tf.tensor1d([0, 0], 'int32'),
    );
    expect(values(loss)[0]).toBeCloseTo(Math.log(4), 6);
    expect(values(loss)[1]).toBe(1000);
    values(gradient).forEach((value, i) => expect(value).toBeCloseTo([-0.75, 0.75, -1, 1][i] as number, 6));
  });

  it('takes probabilities of the classes in place of labels', () => {
    const logits = tf.tensor([0, Math.log(3), 0, 2], [2, 2]);
    const { loss, gradient } = softmaxCrossEntropy(logits, tf.tensor([0.5, 0.5, 0, 1], [2, 2]));
    const hard = softmaxCrossEntropy(logits, tf.tensor1d([0, 1], 'int32'));
    expect(values(loss)[0]).toBeCloseTo((Math.log(4) + Math.log(4 / 3)) / 2, 6);
    expect(values(loss)[1]).toBeCloseTo(values(hard.loss)[1] as number, 6);
    const expected = [-0.25, 0.25, ...values(hard.gradient).slice(2)];
    values(gradient).forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 6));
  });
});

it('adds tensors, and cuts below zero', () => {
  const a = tf.tensor1d([1, -2]);
  expect(values(addN([a, a, a]))).toEqual([3, -6]);
  expect(values(relu(a))).toEqual([1, 0]);
});
