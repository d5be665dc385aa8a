import { checkPValues } from './check-p-values.ts';
import { log10NormalUpperTail, normalUpperQuantile } from './normal.ts';

/**
 * Combines independent p-values by Stouffer's method with equal weights.
 *
 *   Σ z_i / √k  is standard normal under the joint null hypothesis,  z_i: the normal quantile of 1 − p_i
 * Stronger than Fisher's method where every p-value holds a little evidence. One p-value of exactly 1 makes the
 * combined one 1, so it does not suit discrete tests, whose p-values reach 1.
 *
 * @param log10Ps - log10 of k ≥ 1 independent p-values, each finite and ≤ 0
 * @returns log10 of the combined p-value, ≤ 0
 * @throws RangeError if there are none, or one is NaN, infinite or positive
 * Accuracy: relative error of log10 p ≤ 1e−12 (fixture: reference.json, mpmath 60 digits).
 * Source: Stouffer et al. 1949, "The American soldier", volume 1, footnote on page 45.
 * @example stouffer([-2, -3, -1]); // returns ~-4.259
 */
export function stouffer(log10Ps: readonly number[]): number {
  checkPValues('stouffer', log10Ps);
  const sum = log10Ps.reduce((total, log10P) => total + normalUpperQuantile(log10P), 0);
  return log10NormalUpperTail(sum / Math.sqrt(log10Ps.length));
}
