import { log1mExp } from './log1m-exp.ts';
import { logIncompleteBeta } from './incomplete-beta.ts';

/**
 * Log10 p-value of a Student t variable at least as large as the one observed.
 *
 *   P(T ≥ t) = ½ · I_x(df/2, ½),  x = df/(df + t²)   for t ≥ 0   (I: regularised incomplete beta; t < 0 by symmetry)
 * Computed in the log domain; x and 1 − x both keep their digits, however large or small t is.
 *
 * @param t - in [−∞, ∞]; exact up to |t| ≈ 1e150 · √df
 * @param df - degrees of freedom, real > 0
 * @returns log10 of the one-sided p-value, in [−∞, 0]; NaN if an argument is NaN
 * @throws RangeError if df is not positive and finite
 * Accuracy: relative error of log10 p ≤ 1e−12 for df ≤ 25,087 (fixture: reference.json, mpmath 60 digits).
 * Source: DLMF 8.17.
 * @example log10StudentTUpperTail(6, 99); // returns ~-7.790
 */
export function log10StudentTUpperTail(t: number, df: number): number {
  if (df <= 0 || df === Infinity) throw new RangeError(`stats: degrees of freedom must be positive, got ${df}`);
  const ratio = t ** 2 / df;
  const outward = logIncompleteBeta(df / 2, 0.5, 1 / (1 + ratio), 1 / (1 + 1 / ratio)) - Math.LN2; // ln P(T ≥ |t|)
  return (t < 0 ? log1mExp(outward) : outward) / Math.LN10;
}
