import { expect, it } from '@jest/globals';
import { Rng, tf } from '@radiotracer/nets';

import { signalThat } from '../../test/signal-that.ts';
import { softmaxRegression } from './softmax-regression.ts';

/** Features as a trained network's: never negative, and nearly all in a few directions. */
function collapsedFeatures({ images = 600, size = 24, classes = 4 } = {}) {
  const rng = Rng.of(1, 'features');
  const centres = Array.from({ length: classes }, () =>
    Array.from({ length: size }, (_, j) => (j < 3 ? 4 : 0.02) * rng.uniform()),
  );
  const labels = Int32Array.from({ length: images }, (_, i) => (rng.uniform() < 0.9 ? i % classes : 0));
  const features = Array.from({ length: images }, (_, i) =>
    Array.from({ length: size }, (_, j) =>
      Math.max(0, (centres[i % classes]?.[j] ?? 0) + (j < 3 ? 1 : 0.01) * rng.normal()),
    ),
  );
  return { features, labels, classes };
}

/** Gradient of the objective in double precision, [D + 1][K]; the last row is the bias'. */
function gradientAt(
  weight: number[][],
  bias: number[],
  features: number[][],
  labels: Int32Array,
  decay: number,
): number[][] {
  const gradient = weight[0]?.map((_, j) => weight.map((row) => decay * (row[j] as number))) ?? [];
  gradient.push(bias.map(() => 0));
  features.forEach((x, i) => {
    const logits = weight.map((row, k) => row.reduce((sum, w, j) => sum + w * (x[j] as number), bias[k] as number));
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    logits.forEach((logit, k) => {
      const residual = (Math.exp(logit - total) - (labels[i] === k ? 1 : 0)) / features.length;
      [...x, 1].forEach((value, j) => {
        const row = gradient[j] as number[];
        row[k] = (row[k] as number) + residual * value;
      });
    });
  });
  return gradient;
}

it('ends at the optimum, where the gradient is 0, in few steps, and leaves no tensor', async () => {
  const { features, labels, classes } = collapsedFeatures();
  const weightDecay = 5e-4;
  const before = tf.memory().numTensors;
  const x = tf.tensor2d(features);
  let steps = 0;
  const signal = signalThat(() => steps++);
  const layer = await softmaxRegression(x, labels, { classes, weightDecay }, signal);
  const [weight, bias] = [layer.weight.arraySync(), layer.bias.arraySync()];
  tf.dispose([x, layer.weight, layer.bias]);
  expect(tf.memory().numTensors).toBe(before);
  expect(steps).toBeLessThan(1000);
  expect(weight.flat().some((w) => Math.abs(w) > 0.1)).toBe(true);
  const largest = Math.max(...gradientAt(weight, bias, features, labels, weightDecay).flat().map(Math.abs));
  const atZero = gradientAt(
    weight.map((row) => row.map(() => 0)),
    bias.map(() => 0),
    features,
    labels,
    weightDecay,
  );
  expect(largest).toBeLessThan(1e-4 * Math.max(...atZero.flat().map(Math.abs)));
});

it('descends where features are so large that float32 loses the decay beside them', async () => {
  const { features, labels, classes } = collapsedFeatures();
  const rng = Rng.of(2, 'spread');
  const spread = Array.from({ length: 3 }, () => Array.from({ length: 512 }, () => 60 * rng.uniform()));
  // Three numbers of each image in 512 dimensions, as of a network that was trained for a few steps.
  const large = features.map((image) =>
    Array.from({ length: 512 }, (_, j) =>
      spread.reduce((sum, row, r) => sum + (image[r] as number) * (row[j] as number), 0),
    ),
  );
  const x = tf.tensor2d(large);
  const { weight, bias } = await softmaxRegression(x, labels, { classes, weightDecay: 2.5e-3 });
  const loss = tf.tidy(() => {
    const logits = tf.add(tf.matMul(x, weight, false, true), bias) as tf.Tensor2D;
    const p = tf.logSoftmax(logits);
    return tf.neg(tf.mean(tf.sum(tf.mul(p, tf.oneHot(tf.tensor1d(labels, 'int32'), classes)), 1))).dataSync()[0];
  });
  tf.dispose([x, weight, bias]);
  expect(loss).toBeLessThan(0.8 * Math.log(classes)); // what no weights at all give
});

it('leaves no tensor when it is stopped', async () => {
  const { features, labels, classes } = collapsedFeatures({ images: 40 });
  const x = tf.tensor2d(features);
  const before = tf.memory().numTensors;
  let steps = 0;
  const stop = signalThat(() => {
    if (++steps === 3) throw new Error('stopped');
  });
  await expect(softmaxRegression(x, labels, { classes, weightDecay: 5e-4 }, stop)).rejects.toThrow('stopped');
  expect(tf.memory().numTensors).toBe(before);
  x.dispose();
});
