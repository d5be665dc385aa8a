import { checkDraws } from './draws.ts';
import type { Draws } from './draws.ts';
import { mean } from './moments.ts';

/** Stakes of equal shares of the starting capital: how many e-folds a score one standard deviation up gains. */
const STAKES = [0.1, 0.2, 0.4, 0.8, 1.6];

/**
 * Test of the same null hypothesis as `decoyTest` that may be looked at after every draw and stopped at any time, for
 * any reason: E_i is the capital of somebody who bets, draw by draw, that published versions score high, at odds that are
 * fair if the scores owe nothing to the draw.
 *
 *   E_i = mean over stakes λ of Π_{j≤i} exp(λ s_j,published(j) / σ_j) / mean_v exp(λ s_jv / σ_j)
 *
 * Given all scores up to row j and the draws before it, published(j) is uniform, so each factor has mean 1, E is a
 * martingale, and P(max_i E_i ≥ 1/α) ≤ α (Ville 1939; Shafer 2021, "Testing by betting"; Ramdas et al. 2023, "Game-theoretic
 * statistics and safe anytime-valid inference"). That holds even if the scores of a row depend on everything before it,
 * and whatever decides to stop. σ_j² is the mean variance within rows up to j, so the unit of the scores does not matter.
 *
 * @param draws - as of `decoyTest`, rows in the order in which they came; a later row may have another scale, which costs
 *   power only
 * @returns log10 E_i after each row, [n]; 0 is the capital at the start. −max(0, highest) is log10 of a p-value
 * @throws RangeError if the draws are malformed, a score is NaN or infinite, or the squares of the scores overflow
 * @example decoyEValues({ scores: [[0, 1]], published: [1] })[0]; // returns ~0.162 (log10 of the mean of e^λ / cosh λ)
 */
export function decoyEValues({ scores, published }: Draws): number[] {
  checkDraws('decoyEValues', { scores, published });
  const logCapital = STAKES.map(() => 0);
  let variances = 0;
  return scores.map((row, i) => {
    const centre = mean(row);
    const deviations = row.map((score) => score - centre);
    variances += mean(deviations.map((deviation) => deviation ** 2));
    if (!Number.isFinite(variances))
      throw new RangeError(`decoyEValues: the scores of row ${i} are too large to square`);
    if (variances > 0) {
      const units = deviations.map((deviation) => deviation / Math.sqrt(variances / (i + 1)));
      STAKES.forEach((stake, k) => {
        const gains = units.map((unit) => stake * unit);
        (logCapital[k] as number) += (gains[published[i] as number] as number) - logMeanExp(gains);
      });
    }
    return logMeanExp(logCapital) / Math.LN10;
  });
}

function logMeanExp(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(mean(values.map((value) => Math.exp(value - most))));
}
