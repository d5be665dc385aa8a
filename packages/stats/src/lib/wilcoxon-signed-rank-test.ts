import { checkDifferences } from './check-differences.ts';
import { doubledRanks } from './doubled-ranks.ts';
import { log10NormalUpperTail } from './normal.ts';
import { logUpperTailOfSum } from './sum-tail.ts';

/** More differences than this are judged by the normal approximation. */
const largestExact = 50;

/** Answer of the Wilcoxon signed rank test. */
export interface WilcoxonResult {
  /** log10 of the one-sided p-value, ≤ 0. */
  readonly log10P: number;
  /** Sum of the ranks of |difference| of the positive differences. */
  readonly statistic: number;
  readonly method: 'exact' | 'normal';
}

/**
 * Wilcoxon's signed rank test of whether paired differences are shifted above zero.
 *
 * W = Σ of the ranks of |x_i| where x_i > 0; under the null hypothesis each sign is a fair coin. Zeros are dropped, ties
 * share their mean rank. Up to 50 differences that are left the distribution of W given the ranks is exact, ties and
 * all; beyond, W is taken as normal with
 *   mean = Σ rank_i / 2,   variance = Σ rank_i² / 4      (n(n+1)/4 and n(n+1)(2n+1)/24 where there are no ties)
 * without continuity correction.
 *
 * @param differences - one per pair; [n]
 * @throws RangeError if one is NaN or infinite, or none differs from zero
 * Accuracy: relative error of log10 p ≤ 1e−12 of either distribution (fixture: reference.json, SciPy).
 * Source: Wilcoxon 1945; Pratt 1959 for the choice to drop zeros.
 * @example wilcoxonSignedRankTest([1, 2, 3]).log10P; // returns ~-0.903 (log10 ⅛)
 */
export function wilcoxonSignedRankTest(differences: readonly number[]): WilcoxonResult {
  checkDifferences('wilcoxonSignedRankTest', differences, 1);
  const nonZero = differences.filter((x) => x !== 0);
  if (nonZero.length === 0) throw new RangeError('wilcoxonSignedRankTest: all differences are zero');
  const ranks = doubledRanks(nonZero.map(Math.abs));
  const doubledSum = ranks.reduce((sum, rank, i) => sum + ((nonZero[i] as number) > 0 ? rank : 0), 0);
  const statistic = doubledSum / 2;
  if (nonZero.length <= largestExact) {
    const signs = ranks.map((rank) => [0, rank]);
    return { log10P: logUpperTailOfSum(signs, doubledSum) / Math.LN10, statistic, method: 'exact' };
  }
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / 2; // of the doubled sum, as is sd
  const sd = Math.sqrt(ranks.reduce((sum, rank) => sum + rank ** 2, 0)) / 2;
  return { log10P: log10NormalUpperTail((doubledSum - mean) / sd), statistic, method: 'normal' };
}
