import { expect, it } from '@jest/globals';

import { randomImages, smallArchitecture, trainedLooking } from '../../test/small-network.ts';
import { tf } from './tensorflow.ts';
import { trainingPass } from './training-pass.ts';

const T = 3;
const CLASSES = 4;
/** float32, numbers of the size of 1 to 10. */
const DIGITS = 4;

it('a temperature softens the logits; loss and gradient are T² times those of the cross-entropy', () => {
  const architecture = smallArchitecture('small');
  const images = randomImages(3, 16, 16, 1);
  const targets = [0.7, 0.1, 0.1, 0.1, 0, 1, 0, 0, 0.25, 0.25, 0.25, 0.25];
  const parameters = trainedLooking(architecture, CLASSES, 1);
  const pass = trainingPass(architecture, parameters, images, tf.tensor(targets, [3, CLASSES]), T);
  const logits = Array.from(pass.logits.dataSync());
  const bias = new Array<number>(CLASSES).fill(0);
  for (let n = 0; n < 3; n++) {
    const row = logits.slice(n * CLASSES, (n + 1) * CLASSES).map((z) => Math.exp(z / T));
    const total = row.reduce((a, b) => a + b);
    const target = targets.slice(n * CLASSES, (n + 1) * CLASSES);
    const crossEntropy = -target.reduce((sum, t, k) => sum + t * Math.log((row[k] as number) / total), 0);
    expect(pass.loss.dataSync()[n]).toBeCloseTo(T ** 2 * crossEntropy, DIGITS);
    // The slope of T² · H(t, softmax(z / T)) along z is T · (softmax(z / T) − t).
    target.forEach((t, k) => (bias[k] = (bias[k] as number) + (T * ((row[k] as number) / total - t)) / 3));
  }
  const gradient = Array.from((pass.gradients['fc.bias'] as tf.Tensor).dataSync());
  gradient.forEach((value, k) => expect(value).toBeCloseTo(bias[k] as number, DIGITS));
});
