import { expect, it, jest } from '@jest/globals';

import { randomImages } from '../../test/small-network.ts';
import { executeMany, tf } from './tensorflow.ts';

jest.unstable_mockModule('./one-dnn.ts', () => ({
  hasOneDnn: false,
  executeByEither: executeMany,
  executeOneDnn: () => {
    throw new Error('oneDNN was called where there is none');
  },
}));
const { convolve } = await import('./convolution.ts');
const { maxPool } = await import('./max-pool.ts');
const { batchNorm, relu } = await import('./kernels.ts');

/** Sums of a hundred float32 products, as a share of the largest. */
const TOLERANCE = 1e-5;

function expectClose(found: tf.Tensor, expected: tf.Tensor): void {
  expect(found.shape).toEqual(expected.shape);
  const [off, size] = [tf.max(tf.abs(tf.sub(found, expected))), tf.max(tf.abs(expected))];
  expect(off.dataSync()[0]).toBeLessThan(TOLERANCE * (size.dataSync()[0] as number));
}

const x = randomImages(2, 9, 8, 1) as tf.Tensor4D;

it.each([
  [7, 2, 3],
  [3, 1, 1],
  [1, 2, 0],
])('without oneDNN, %d × %d taps: convolution and gradients, bias and ReLU', (size, stride, padding) => {
  const filter = tf.reshape(randomImages(1, size, size * 4, 2), [size, size, 3, 4]) as tf.Tensor4D;
  const bias = tf.tensor1d([1, -1, 0.5, 2]);
  const border: [number, number] = [padding, padding];
  const direct = (images: tf.Tensor, taps: tf.Tensor): tf.Tensor =>
    tf.conv2d(tf.pad(images, [[0, 0], border, border, [0, 0]]) as tf.Tensor4D, taps as tf.Tensor4D, stride, 'valid');
  const plain = direct(x, filter);
  const { y, inputGradient, filterGradient } = convolve(x, filter, { stride, padding });
  expectClose(y, plain);
  const dy = tf.randomNormal(plain.shape, 0, 1, 'float32', 3);
  const [dx, dFilter] = tf.grads(direct)([x, filter], dy) as [tf.Tensor, tf.Tensor];
  expectClose(inputGradient(dy), dx);
  expectClose(filterGradient(dy), dFilter);
  expectClose(convolve(x, filter, { stride, padding }, { bias, relu: false }).y, tf.add(plain, bias));
  expectClose(convolve(x, filter, { stride, padding }, { bias, relu: true }).y, tf.relu(tf.add(plain, bias)));
});

it('without oneDNN, max-pooling and its gradient', () => {
  const image = tf.tensor([0, 1, 2, 3, 9, 5, 6, 7, 8, 4, 10, 11, 12, 13, 14, 15], [1, 4, 4, 1]);
  const { y, inputGradient } = maxPool(image, { size: 3, stride: 2, padding: 1 });
  expect([...y.dataSync()]).toEqual([9, 7, 13, 15]);
  const dx = inputGradient(tf.tensor([1, 10, 100, 1000], [1, 2, 2, 1]));
  expect([...dx.dataSync()]).toEqual([0, 0, 0, 0, 1, 0, 0, 10, 0, 0, 0, 0, 0, 100, 0, 1000]);
});

it('without oneDNN, batch normalisation with a ReLU', () => {
  const [one, zero] = [tf.ones([3]), tf.zeros([3])];
  const normalised = batchNorm(x, one, zero, zero, one, { relu: false }).y;
  expectClose(batchNorm(x, one, zero, zero, one, { relu: true }).y, relu(normalised));
});
