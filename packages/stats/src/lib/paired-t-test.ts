import { checkDifferences } from './check-differences.ts';
import { mean, sumOfSquares } from './moments.ts';
import { log10StudentTUpperTail } from './student-t.ts';

/** Answer of the paired t-test. */
export interface PairedTTestResult {
  /** log10 of the one-sided p-value, ≤ 0. */
  readonly log10P: number;
  readonly t: number;
  /** Degrees of freedom, n − 1. */
  readonly df: number;
}

/**
 * Student's t-test of whether the mean of paired differences is above zero.
 *
 *   t = mean / (sd / √n)  has Student's t distribution with n − 1 degrees of freedom
 * if the differences are independent and normal. Losses of one model on several images are not independent: on such
 * data its p-values are too small.
 *
 * @param differences - one per pair; [n], n ≥ 2
 * @throws RangeError if there are fewer than two, one is NaN or infinite, or all are equal
 * Accuracy: relative error of log10 p ≤ 1e−12 (fixture: reference.json).
 * Source: Student 1908, "The probable error of a mean".
 * @example pairedTTest([1, 2, 3]).log10P; // returns ~-1.430 (t = 3.464, df = 2)
 */
export function pairedTTest(differences: readonly number[]): PairedTTestResult {
  checkDifferences('pairedTTest', differences, 2);
  const n = differences.length;
  const variance = sumOfSquares(differences) / (n - 1);
  if (variance === 0) throw new RangeError(`pairedTTest: all ${n} differences are equal, so t is undefined`);
  const t = mean(differences) / Math.sqrt(variance / n);
  return { log10P: log10StudentTUpperTail(t, n - 1), t, df: n - 1 };
}
