import { tf } from '@radiotracer/nets';

/** Ridge relative to the mean diagonal: a trained network's features nearly collapse, and their Gram matrix with them. */
const RIDGE = 1e-4;

/**
 * Least-squares map from the marking network's features to the suspect's: A minimises ‖Φ A − S‖² + ridge, so a class
 * weight w of the suspect acts on the marking network's features as A·w (paper, section 3.3, "aligning the subspaces").
 *
 * The ridge draws A to 0; but to the identity where the suspect's features are nearer to the marking network's than to
 * their own mean, as where it was fine-tuned from it, or only its last layer was trained. Else A would lose what its
 * class weights have in the directions in which features hardly vary, and most of what marks leave there.
 *
 * @param markingFeatures - Φ, [N, D] float32
 * @param suspectFeatures - S, [N, E] float32
 * @returns A, [D, E] float32; the caller owns it
 */
export function alignment(markingFeatures: tf.Tensor2D, suspectFeatures: tf.Tensor2D): tf.Tensor2D {
  if (!isNear(suspectFeatures, markingFeatures)) return leastSquares(markingFeatures, suspectFeatures);
  return tf.tidy(() => {
    const change = leastSquares(markingFeatures, tf.sub(suspectFeatures, markingFeatures));
    return tf.add(tf.eye(change.shape[0]), change) as tf.Tensor2D;
  });
}

function isNear(s: tf.Tensor2D, phi: tf.Tensor2D): boolean {
  if (s.shape[1] !== phi.shape[1]) return false;
  return tf.tidy(() => {
    const apart = (from: tf.Tensor) => tf.sum(tf.square(tf.sub(s, from))).dataSync()[0] as number;
    return apart(phi) < apart(tf.mean(s, 0));
  });
}

function leastSquares(markingFeatures: tf.Tensor2D, suspectFeatures: tf.Tensor2D): tf.Tensor2D {
  const d = markingFeatures.shape[1];
  const e = suspectFeatures.shape[1];
  const gram = product(markingFeatures, markingFeatures); // [D, D]
  const cross = product(markingFeatures, suspectFeatures); // [D, E]
  return tf.tensor2d(solveRidge(gram, cross, d, e), [d, e]);
}

/** aᵀ b. Not in a `tidy`, which would look for tensors in every number of the result. */
function product(a: tf.Tensor2D, b: tf.Tensor2D): Float64Array {
  const result = tf.matMul(a, b, true, false);
  const values = Float64Array.from(result.dataSync());
  result.dispose();
  return values;
}

/**
 * R² of an alignment on images it was not fitted to: 1 − ‖Φ A − S‖² / ‖S − mean(S)‖², over all features.
 */
export function alignmentR2(a: tf.Tensor2D, markingFeatures: tf.Tensor2D, suspectFeatures: tf.Tensor2D): number {
  return tf.tidy(() => {
    const residual = tf.sum(tf.square(tf.sub(tf.matMul(markingFeatures, a), suspectFeatures)));
    const total = tf.sum(tf.square(tf.sub(suspectFeatures, tf.mean(suspectFeatures, 0))));
    return 1 - (tf.div(residual, total).dataSync()[0] as number);
  });
}

/** Solves (G + ridge·I) X = C by Cholesky's decomposition, in float64; G is [d, d], C and X are [d, e]. */
function solveRidge(gram: Float64Array, cross: Float64Array, d: number, e: number): Float32Array {
  let trace = 0;
  for (let i = 0; i < d; i++) trace += gram[i * d + i] as number;
  for (let i = 0; i < d; i++) gram[i * d + i] = (gram[i * d + i] as number) + (RIDGE * trace) / d;
  const dot = (row: number, column: number, terms: number) => {
    let sum = 0;
    for (let k = 0; k < terms; k++) sum += (gram[row * d + k] as number) * (gram[column * d + k] as number);
    return sum;
  };
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = (gram[i * d + j] as number) - dot(i, j, j);
      gram[i * d + j] = i === j ? Math.sqrt(rest) : rest / (gram[j * d + j] as number);
    }
  }
  const eliminate = (i: number, k: number, factor: number) => {
    for (let c = 0; c < e; c++) cross[i * e + c] = (cross[i * e + c] as number) - factor * (cross[k * e + c] as number);
  };
  const scale = (i: number) => {
    for (let c = 0; c < e; c++) cross[i * e + c] = (cross[i * e + c] as number) / (gram[i * d + i] as number);
  };
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < i; k++) eliminate(i, k, gram[i * d + k] as number);
    scale(i);
  }
  for (let i = d - 1; i >= 0; i--) {
    for (let k = i + 1; k < d; k++) eliminate(i, k, gram[k * d + i] as number);
    scale(i);
  }
  return Float32Array.from(cross);
}
