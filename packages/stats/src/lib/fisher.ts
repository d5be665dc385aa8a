import { checkPValues } from './check-p-values.ts';
import { log10ChiSquaredUpperTail } from './chi-squared.ts';

/**
 * Combines independent p-values by Fisher's method.
 *
 *   −2 Σ ln p_i  is chi-squared with 2k degrees of freedom under the joint null hypothesis
 * Strong where a few p-values are very small; see `stouffer` for a little evidence in each.
 *
 * @param log10Ps - log10 of k ≥ 1 independent p-values, each finite and ≤ 0
 * @returns log10 of the combined p-value, ≤ 0
 * @throws RangeError if there are none, or one is NaN, infinite or positive
 * Accuracy: relative error of log10 p ≤ 1e−12 for k ≤ 10,000 (fixture: reference.json, mpmath 60 digits).
 * Source: Fisher 1925, "Statistical methods for research workers", section 21.1.
 * @example fisher([-2, -3, -1]); // returns ~-3.958
 */
export function fisher(log10Ps: readonly number[]): number {
  checkPValues('fisher', log10Ps);
  const log10Product = log10Ps.reduce((sum, log10P) => sum + log10P, 0);
  return log10ChiSquaredUpperTail(-2 * Math.LN10 * log10Product, 2 * log10Ps.length);
}
