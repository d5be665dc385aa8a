import { log10StudentTUpperTail } from './student-t.ts';

/**
 * Log10 p-value of a cosine at least as large as the one observed, when one of the two directions is random.
 *
 * If it is uniform on the unit sphere of R^d, then for c ≥ 0
 *   P(C ≥ c) = ½ · I_{1−c²}((d−1)/2, ½)      (I: regularised incomplete beta; c < 0 by symmetry)
 * which is the upper tail of Student's t with d − 1 degrees of freedom at t = c √((d−1) / (1−c²)).
 * Computed in the log domain: at d = 512, c = 0.95 the p-value is already about 1e−260.
 *
 * @param cosine - observed cosine, in [−1, 1], dimensionless
 * @param dimension - of the space, integer ≥ 2
 * @returns log10 of the one-sided p-value, in [−∞, 0]; −∞ only at cosine = 1; 0 where 1 − p is below any double
 * @throws RangeError if cosine is outside [−1, 1] or dimension is not an integer ≥ 2
 * Accuracy: relative error of log10 p ≤ 1e−12 for dimension ≤ 25,088 (fixture: reference.json, mpmath 60 digits).
 * Source: Sablayrolles et al. 2020, "Radioactive data", section 4 (arXiv 2002.00937).
 * @example log10CosineUpperTail(0.5, 512); // returns ~-33.377
 */
export function log10CosineUpperTail(cosine: number, dimension: number): number {
  if (!(Math.abs(cosine) <= 1)) throw new RangeError(`stats: a cosine must be in [−1, 1], got ${cosine}`);
  if (!Number.isInteger(dimension) || dimension < 2) {
    throw new RangeError(`stats: the dimension of a cosine must be an integer ≥ 2, got ${dimension}`);
  }
  const df = dimension - 1;
  return log10StudentTUpperTail(cosine * Math.sqrt(df / ((1 - cosine) * (1 + cosine))), df);
}
