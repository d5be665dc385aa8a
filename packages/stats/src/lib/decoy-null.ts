import { checkDraws } from './draws.ts';
import { scoreGrid, sumOfPublished } from './score-grid.ts';
import { sumDistribution } from './sum-distribution.ts';

/**
 * The exact decoy test for many choices of what was published, on the same scores: the null distribution depends on the
 * scores alone and is computed once. For calibration, which draws such choices by the thousand.
 *
 * @param scores - [n][V_i], as in `decoyTest`
 * @returns log10 of the p-value of a choice, ≤ 0, as `decoyTest` gives it
 * @throws RangeError as `decoyTest`; the returned function too, of a choice that is none
 * Accuracy: relative error of p ≤ 1e−9 for p ≥ 1e−25; `decoyTest` is the one for smaller p-values.
 * @example decoyNull([[0, 1, 2, 3]])([3]); // returns ~-0.602 (log10 ¼)
 */
export function decoyNull(scores: readonly (readonly number[])[]): (published: readonly number[]) => number {
  checkDraws('decoyNull', { scores, published: scores.map(() => 0) });
  const grid = scoreGrid(scores);
  const { from, probability } = sumDistribution(grid.rows, 0, Infinity);
  const tail = Float64Array.from(probability); // tail[j] = P(sum ≥ from + j)
  for (let j = tail.length - 2; j >= 0; j--) (tail[j] as number) += tail[j + 1] as number;
  return (published) => {
    checkDraws('decoyNull', { scores, published });
    const j = sumOfPublished(grid, published) - from;
    return Math.log10(Math.min(1, tail[Math.max(0, Math.min(j, tail.length - 1))] as number));
  };
}
