import { logUpperIncompleteGamma } from './incomplete-gamma.ts';

/**
 * Log10 p-value of a chi-squared variable at least as large as the one observed.
 *
 *   P(X ≥ x) = Q(df/2, x/2)      (Q: regularised upper incomplete gamma)
 * Computed in the log domain.
 *
 * @param chiSquared - real ≥ 0
 * @param df - degrees of freedom, real > 0
 * @returns log10 of the p-value, in [−∞, 0]; NaN if an argument is NaN
 * @throws RangeError if chiSquared is negative or df is not positive and finite
 * Accuracy: relative error of log10 p ≤ 1e−12 for df ≤ 20,000 (fixture: reference.json through `fisher`).
 * Source: DLMF 8.2.4.
 * @example log10ChiSquaredUpperTail(10, 2); // returns ~-2.171
 */
export function log10ChiSquaredUpperTail(chiSquared: number, df: number): number {
  if (chiSquared < 0) throw new RangeError(`stats: a chi-squared value must be ≥ 0, got ${chiSquared}`);
  if (df <= 0 || df === Infinity) throw new RangeError(`stats: degrees of freedom must be positive, got ${df}`);
  return logUpperIncompleteGamma(df / 2, chiSquared / 2) / Math.LN10;
}
