import { type FrozenNetwork, tf } from '@radiotracer/nets';
import type { Predictions } from '@radiotracer/trainer';

import { alignment, alignmentR2 } from './alignment.ts';
import type { Evidence } from './types.ts';

/**
 * cos(A w_c, u_c) by class: how far the suspect's weight of each class is turned towards the class's carrier, seen in
 * the marking network's feature space (paper, section 3.3).
 *
 * @param marking - the marking network on clean images, features [N, D]
 * @param suspected - the suspect on the same images, features [N, E]
 * @param directions - unit vectors u_c in R^D by class; null where no image of the class is marked
 */
export function classCosines(
  suspect: FrozenNetwork,
  dimension: number,
  marking: Predictions,
  suspected: Predictions,
  directions: readonly (Float32Array | null)[],
): Evidence['whiteBox'] {
  const images = marking.loss.length;
  const half = Math.floor(images / 2);
  const phi = tf.tensor2d(marking.features, [images, dimension]);
  const s = tf.tensor2d(suspected.features, [images, suspect.featureSize]);
  const heldOutR2 = tf.tidy(() =>
    alignmentR2(alignment(head(phi, half), head(s, half)), tail(phi, half), tail(s, half)),
  );
  const aligned = tf.tidy(
    () => tf.matMul(suspect.classWeights, alignment(phi, s), false, true).dataSync(), // [K, D]
  ) as Float32Array;
  tf.dispose([phi, s]);
  return {
    dimension,
    cosine: directions.map((u, c) => u && cosine(aligned.subarray(c * dimension, (c + 1) * dimension), u)),
    heldOutR2,
  };
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] as number) * (b[i] as number);
    aa += (a[i] as number) ** 2;
    bb += (b[i] as number) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

function head(x: tf.Tensor2D, rows: number): tf.Tensor2D {
  return tf.slice(x, [0, 0], [rows, -1]);
}

function tail(x: tf.Tensor2D, from: number): tf.Tensor2D {
  return tf.slice(x, [from, 0], [-1, -1]);
}
