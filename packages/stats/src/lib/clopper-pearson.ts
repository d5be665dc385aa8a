import { betaQuantile } from './beta-quantile.ts';

/**
 * Exact confidence interval of a probability, from how often something happened.
 *
 *   low: P(X ≥ k | low) = (1 − confidence) / 2,   high: P(X ≤ k | high) = (1 − confidence) / 2
 * which are quantiles of the beta distributions (k, n − k + 1) and (k + 1, n − k). Covers at least as often as it says.
 *
 * @param count - k, integer in [0, n]
 * @param total - n, integer ≥ 1
 * @param confidence - in (0, 1), such as 0.95
 * @returns both ends, in [0, 1]
 * @throws RangeError if an argument is outside its range
 * Accuracy: relative error of either end ≤ 1e−10 for n ≤ 20,000, see `betaQuantile`.
 * Source: Clopper and Pearson 1934, "The use of confidence or fiducial limits".
 * @example clopperPearson(5, 100, 0.95); // returns { low: ~0.0164, high: ~0.1128 }
 */
export function clopperPearson(count: number, total: number, confidence: number): { low: number; high: number } {
  if (!Number.isInteger(total) || total < 1 || !Number.isInteger(count) || count < 0 || count > total) {
    throw new RangeError(`clopperPearson: needs a count in 0..total, and total ≥ 1, got ${count} of ${total}`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`clopperPearson: confidence must be between 0 and 1, got ${confidence}`);
  }
  const outside = (1 - confidence) / 2;
  return {
    low: count === 0 ? 0 : betaQuantile(outside, count, total - count + 1),
    high: count === total ? 1 : betaQuantile(1 - outside, count + 1, total - count),
  };
}
