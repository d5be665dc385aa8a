/**
 * cos(A w_c, u_c) by class: how far the suspect's weight of each class is turned towards the class's direction, seen in
 * the marking network's feature space (paper, section 3.3).
 *
 * @param weights - A w_c by class, [K, D]
 * @param directions - unit vectors u_c in R^D by class; null where no image of the class is marked
 * @returns [K], in [−1, 1]; null where there is no direction, or A w_c is 0
 */
export function classCosines(
  weights: Float32Array,
  directions: readonly (ArrayLike<number> | null)[],
): (number | null)[] {
  const dimension = weights.length / directions.length;
  return directions.map((u, c) => u && cosine(weights.subarray(c * dimension, (c + 1) * dimension), u));
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] as number) * (b[i] as number);
    aa += (a[i] as number) ** 2;
    bb += (b[i] as number) ** 2;
  }
  const value = ab / Math.sqrt(aa * bb);
  return Number.isFinite(value) ? value : null;
}
