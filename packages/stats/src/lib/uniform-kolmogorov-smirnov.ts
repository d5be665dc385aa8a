import { log10KolmogorovUpperTail } from './kolmogorov.ts';

/** Answer of the Kolmogorov–Smirnov test. */
export interface KolmogorovSmirnovResult {
  /** log10 of the p-value, ≤ 0. */
  readonly log10P: number;
  /** Largest distance between the empirical distribution function and the diagonal, in [1/(2n), 1]. */
  readonly statistic: number;
}

/**
 * Kolmogorov–Smirnov test of whether values are independent and uniform on [0, 1], two-sided.
 *
 *   D = sup_x |F_n(x) − x| = max_i max(i/n − x_(i), x_(i) − (i−1)/n)
 * For p-values of clean models: a small result means that the test which made them is not calibrated.
 *
 * @param values - in [0, 1]; [n], n ≥ 1, any order
 * @throws RangeError if there are none, or one is NaN or outside [0, 1] (message names its index)
 * Accuracy: see `log10KolmogorovUpperTail`.
 * Source: Kolmogorov 1933; Smirnov 1948.
 * @example uniformKolmogorovSmirnov([0.1, 0.5, 0.9]); // returns { statistic: ~0.233, log10P: ~-0.006 }
 */
export function uniformKolmogorovSmirnov(values: readonly number[]): KolmogorovSmirnovResult {
  const n = values.length;
  if (n === 0) throw new RangeError('uniformKolmogorovSmirnov: needs at least one value');
  values.forEach((value, i) => {
    if (!(value >= 0 && value <= 1)) {
      throw new RangeError(`uniformKolmogorovSmirnov: values must be in [0, 1], number ${i} is ${value}`);
    }
  });
  const sorted = values.toSorted((a, b) => a - b);
  const statistic = sorted.reduce((largest, x, i) => Math.max(largest, (i + 1) / n - x, x - i / n), 0);
  return { log10P: log10KolmogorovUpperTail(statistic, n), statistic };
}
