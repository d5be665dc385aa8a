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
  return tf.tidy(() => {
    const images = marking.loss.length;
    const phi = tf.tensor2d(marking.features, [images, dimension]);
    const s = tf.tensor2d(suspected.features, [images, suspect.featureSize]);
    const half = Math.floor(images / 2);
    const firstHalf = alignment(head(phi, half), head(s, half));
    const weights = tf.matMul(suspect.classWeights, alignment(phi, s), false, true); // [K, D]
    const rows = weights.arraySync();
    return {
      dimension,
      cosine: directions.map((u, c) => (u === null ? null : cosine(rows[c] as number[], u))),
      heldOutR2: alignmentR2(firstHalf, tail(phi, half), tail(s, half)),
    };
  });
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
