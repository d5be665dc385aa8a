import { kolmogorovMatrixCdf } from './kolmogorov-matrix.ts';
import { logBeta } from './log-beta.ts';
import { pelzGoodCdf } from './pelz-good.ts';

/** From this n · d² the two one-sided events all but exclude each other: their overlap is e^{−24} of p. */
const tailFrom = 4;
/** With more values than this the matrix gives way to the series, whose error falls as n^{−2}. */
const largestExact = 500;

/**
 * Log10 p-value of a two-sided Kolmogorov–Smirnov distance at least as large as the one observed.
 *
 *   n d² ≥ 4 or d ≥ ½:  P = 2 P(D⁺ ≥ d) = 2d Σ_{j < n(1−d)} C(n,j) (d + j/n)^{j−1} (1 − d − j/n)^{n−j}
 *   else, n ≤ 500:       P = 1 − P(D < d), exact by Marsaglia, Tsang and Wang's matrix
 *   else:                P = 1 − P(D < d), by Pelz and Good's series
 * The first is a sum of positive terms in the log domain, so small p-values keep their digits; in the others
 * p ≥ 6e−4, so that taking it from one costs three digits of fifteen.
 *
 * @param distance - D, in [0, 1]
 * @param n - number of values, integer ≥ 1
 * @returns log10 of the p-value, in [−∞, 0]; −∞ only at distance = 1
 * Accuracy: relative error of log10 p ≤ 1e−10; with the series, absolute error of p ≤ 3e−7 · (500/n)² (fixture:
 *   kernels.json, mpmath).
 * Source: Birnbaum and Tingey 1951, "One-sided confidence contours"; Simard and L'Ecuyer 2011, "Computing the
 *   two-sided Kolmogorov–Smirnov distribution" (choice of method).
 * @example log10KolmogorovUpperTail(0.16, 100); // returns ~-1.977
 */
export function log10KolmogorovUpperTail(distance: number, n: number): number {
  if (distance >= 0.5 || n * distance ** 2 >= tailFrom) {
    return (Math.LN2 + logOneSidedTail(distance, n)) / Math.LN10;
  }
  const cdf = n <= largestExact ? kolmogorovMatrixCdf(distance, n) : pelzGoodCdf(distance, n);
  return Math.log1p(-cdf) / Math.LN10 + 0; // + 0: never −0
}

/** ln P(D⁺ ≥ d), Birnbaum and Tingey's sum. */
function logOneSidedTail(d: number, n: number): number {
  const terms: number[] = [];
  for (let j = 0; 1 - d - j / n > 0; j++) {
    const logBinomial = -Math.log(n + 1) - logBeta(j + 1, n - j + 1);
    terms.push(logBinomial + Math.log(d) + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(1 - d - j / n));
  }
  if (terms.length === 0) return -Infinity;
  const largest = terms.reduce((a, b) => Math.max(a, b));
  return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
}
