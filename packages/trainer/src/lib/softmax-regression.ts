import { setImmediate } from 'node:timers/promises';

import { inverse, softmaxCrossEntropy, tf } from '@radiotracer/nets';

/** Far more than it takes: some hundred where features nearly collapse. */
const MAX_STEPS = 5000;
/** Of the trace of a matrix: what float32 leaves of its small eigenvalues is noise of this size. */
const NOISE = 1e-6;
/** What one more step is sure to lower the objective by, in nats; about a thousandth of what is left to gain. */
const TOLERANCE = 1e-10;

/**
 * Multinomial logistic regression: minimises over W [K, D] and b [K]
 *
 *   mean over images of the cross-entropy of softmax(W x + b)  +  weightDecay/2 · ‖W‖²
 *
 * The Hessian is at most ½ I_K ⊗ X̃ᵀX̃/n + decay, with X̃ = (X, 1) (Böhning 1992, "Multinomial logistic regression
 * algorithm", theorem 1), so one inverse of [D+1, D+1] serves all steps and no step can be too long; Nesterov's
 * momentum, begun anew when it points uphill (O'Donoghue and Candès 2015, section 3.2), makes them few. Where features are
 * so large that the decay is lost beside them, the inverse is that of a larger bound, and steps are shorter.
 *
 * @param features - X, [n, D], D numbers an image
 * @param labels - n class indices in 0..K−1
 * @param signal - looked at before each step
 * @returns W as [K, D] and b as [K]; the caller owns both
 */
export async function softmaxRegression(
  features: tf.Tensor2D,
  labels: Int32Array,
  { classes, weightDecay }: { readonly classes: number; readonly weightDecay: number },
  signal?: AbortSignal,
): Promise<{ weight: tf.Tensor2D; bias: tf.Tensor1D }> {
  const [n, d] = features.shape;
  const fixed = tf.tidy(() => {
    const x = tf.concat([features, tf.ones([n, 1])], 1); // [n, D+1]
    const decay = tf.concat([tf.fill([d], weightDecay), tf.zeros([1])]) as tf.Tensor1D; // the bias has none
    const gram = tf.mul(tf.matMul(x, x, true, false), 0.5 / n);
    const trace = tf.div(tf.sum(tf.square(x)), 2 * n);
    const noise = tf.concat([tf.fill([d], 1), tf.zeros([1])]); // the bias has 1/2 of its own
    const bound = tf.add(gram, tf.diag(tf.maximum(decay, tf.mul(noise, tf.mul(trace, NOISE)))));
    return { x, decay: tf.expandDims(decay, 1), preconditioner: inverse(bound), y: tf.tensor1d(labels, 'int32') };
  });
  const gradient = (w: tf.Tensor): tf.Tensor => {
    const { loss, gradient } = softmaxCrossEntropy(tf.matMul(fixed.x, w), fixed.y);
    loss.dispose();
    return tf.add(tf.div(tf.matMul(fixed.x, gradient, true, false), n), tf.mul(fixed.decay, w));
  };

  let w: tf.Tensor = tf.zeros([d + 1, classes]);
  let before = w.clone();
  try {
    for (let step = 0, since = 0; step < MAX_STEPS; step++, since++) {
      await setImmediate(); // lets messages and signals in
      signal?.throwIfAborted();
      const { next, decrement, uphill } = tf.tidy(() => {
        const moved = tf.sub(w, before);
        const ahead = tf.add(w, tf.mul(moved, since / (since + 3)));
        const slope = gradient(ahead);
        const move = tf.matMul(fixed.preconditioner, slope);
        return { next: tf.sub(ahead, move), decrement: inner(slope, move) / 2, uphill: inner(slope, moved) > 0 };
      });
      tf.dispose(before);
      [before, w] = [w, next];
      if (uphill) since = -1;
      if (decrement < TOLERANCE) break;
    }
    return tf.tidy(() => ({
      weight: tf.transpose(tf.slice(w, [0, 0], [d, classes])) as tf.Tensor2D,
      bias: tf.reshape(tf.slice(w, [d, 0], [1, classes]), [classes]) as tf.Tensor1D,
    }));
  } finally {
    tf.dispose({ ...fixed, w, before });
  }
}

function inner(a: tf.Tensor, b: tf.Tensor): number {
  return tf.sum(tf.mul(a, b)).dataSync()[0] as number;
}
