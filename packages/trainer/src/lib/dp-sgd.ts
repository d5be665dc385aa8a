import { setImmediate } from 'node:timers/promises';

import { Rng, softmaxCrossEntropy, tf } from '@radiotracer/nets';

import type { PrivacySettings } from './types.ts';

/** Steps of a training. */
export function dpSgdSteps(
  { epochs, batchSize }: Pick<PrivacySettings, 'epochs' | 'batchSize'>,
  images: number,
): number {
  return Math.ceil((epochs * images) / batchSize);
}

/**
 * Multinomial logistic regression by differentially private stochastic gradient descent (Abadi et al. 2016, arXiv
 * 1607.00133, algorithm 1), on the objective of `softmaxRegression`. A step with the random images S, of B on average, is
 *
 *   W ← W − η · (1/B · (Σ_{i∈S} g_i · min(1, C/‖g_i‖) + σC · N(0, I)) + weightDecay · W)
 *
 * from W = 0. The gradient of an image has rank one, g_i = (p_i − y_i) x̃_iᵀ with x̃ = (x, 1), so ‖g_i‖ = ‖p_i − y_i‖ · ‖x̃_i‖
 * and clipping is exact, with no gradient of an image ever made. Decay looks at no image, so it costs no privacy. Features
 * are taken as they are: a scale learned from the images would cost privacy, and to scale each by its norm would be no
 * linear layer any more.
 *
 * The draws are functions of (seed, step): good for measuring what noise does, but whoever has the seed can take the noise
 * out again.
 *
 * @param features - X, [n, D], D numbers an image
 * @param labels - n class indices in 0..K−1
 * @param signal - looked at before each step
 * @returns W as [K, D] and its bias as [K]; the caller owns both
 */
export async function dpSgd(
  features: tf.Tensor2D,
  labels: Int32Array,
  settings: PrivacySettings & { readonly seed: number; readonly classes: number; readonly weightDecay: number },
  signal?: AbortSignal,
): Promise<{ weight: tf.Tensor2D; bias: tf.Tensor1D }> {
  const [n, d] = features.shape;
  const { classes, weightDecay, noiseMultiplier, maxGradNorm, batchSize, learningRate, seed } = settings;
  const fixed = tf.tidy(() => ({
    x: tf.concat([features, tf.ones([n, 1])], 1) as tf.Tensor2D, // [n, D+1]
    decay: tf.concat([tf.fill([d, 1], weightDecay), tf.zeros([1, 1])]), // the bias has none
  }));
  let w: tf.Tensor2D = tf.zeros([d + 1, classes]);
  try {
    const steps = dpSgdSteps(settings, n);
    for (let step = 0; step < steps; step++) {
      await setImmediate(); // lets messages and signals in
      signal?.throwIfAborted();
      const next = tf.tidy(() => {
        const rows = poissonSample(n, batchSize / n, Rng.of(seed, 'sample', step));
        const sum = clippedGradientSum(fixed.x, labels, rows, w, maxGradNorm);
        const noise = gaussians([d + 1, classes], noiseMultiplier * maxGradNorm, Rng.of(seed, 'noise', step));
        const gradient = tf.add(tf.div(tf.add(sum, noise), batchSize), tf.mul(fixed.decay, w));
        return tf.sub(w, tf.mul(gradient, learningRate)) as tf.Tensor2D;
      });
      w.dispose();
      w = next;
    }
    return tf.tidy(() => ({
      weight: tf.transpose(tf.slice(w, [0, 0], [d, classes])) as tf.Tensor2D,
      bias: tf.reshape(tf.slice(w, [d, 0], [1, classes]), [classes]) as tf.Tensor1D,
    }));
  } finally {
    tf.dispose({ ...fixed, w });
  }
}

/** Each of the rows 0..n−1 with probability `rate`, by itself; so there may be none. */
export function poissonSample(n: number, rate: number, rng: Rng): Int32Array {
  return Int32Array.from({ length: n }, (_, row) => (rng.uniform() < rate ? row : -1)).filter((row) => row >= 0);
}

/** Σ over the rows of g · min(1, C/‖g‖), [D+1, K]. */
function clippedGradientSum(
  x: tf.Tensor2D,
  labels: Int32Array,
  rows: Int32Array,
  w: tf.Tensor2D,
  maxGradNorm: number,
): tf.Tensor {
  if (rows.length === 0) return tf.zerosLike(w);
  const sampled = tf.gather(x, rows); // [B, D+1]
  const y = tf.tensor1d(
    Int32Array.from(rows, (row) => labels[row] as number),
    'int32',
  );
  const { gradient } = softmaxCrossEntropy(tf.matMul(sampled, w), y); // p − y, [B, K]
  const norms = tf.mul(tf.norm(gradient, 2, 1, true), tf.norm(sampled, 2, 1, true)); // [B, 1]
  const kept = tf.minimum(1, tf.div(maxGradNorm, norms)); // 1 where the gradient is 0
  return tf.matMul(sampled, tf.mul(gradient, kept), true, false);
}

function gaussians(shape: [number, number], standardDeviation: number, rng: Rng): tf.Tensor {
  const values = Float32Array.from({ length: shape[0] * shape[1] }, () => standardDeviation * rng.normal());
  return tf.tensor2d(values, shape);
}
