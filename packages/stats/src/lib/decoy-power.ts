import { checkPlan } from './check-plan.ts';
import { log10NormalUpperTail, normalUpperQuantile } from './normal.ts';

/*
 * What the exact decoy test can see, before any marking. The measure of an effect is the advantage
 *   d = mean over draws of (score of the published version − mean score of the draw) / sd of the scores of the draw
 * which a decoy test tells afterwards as z / √draws. The statistic of n draws is nearly normal with mean √n·d and unit
 * sd, in sds of its null distribution. Against 100 simulations of the exact test each (n = 10 to 100 draws of V = 10 and
 * 50 versions with normal scores, z = 3.7 to 8) the median log10 p is right to 0.4, and power to 0.06; with V = 2 the
 * test does better than said here (log10 p −21 in place of −15 at z = 8), as a sum of signs has shorter tails.
 *
 * Each of these functions throws a RangeError if an argument is outside its range.
 */

/**
 * The smallest p-value that any suspect can have: that of one which prefers every published version.
 *
 * @param draws - n, integer ≥ 1
 * @param versions - V of each draw, integer ≥ 2
 * @returns log10 of V^−n
 * @example leastDecoyLog10P(4, 10); // returns -4
 */
export function leastDecoyLog10P(draws: number, versions: number): number {
  checkPlan({ draws, versions });
  return -draws * Math.log10(versions);
}

/**
 * How often the exact decoy test finds suspects with a given advantage.
 *
 *   P(N(√n·d, 1) ≥ z_level)
 *
 * @param advantage - d, sds of the scores within a draw; at most √(V − 1) is possible
 * @param draws - n, integer ≥ 1
 * @param log10Level - log10 of the level, < 0
 * @returns probability, in [0, 1]
 * Accuracy: see above; the level must be within reach, see `leastDecoyLog10P`.
 * @example decoyPower(0.37, 100, -4); // returns ~0.492
 */
export function decoyPower(advantage: number, draws: number, log10Level: number): number {
  checkPlan({ advantage, draws, log10Level });
  return 10 ** log10NormalUpperTail(normalUpperQuantile(log10Level) - Math.sqrt(draws) * advantage);
}

/**
 * The median log10 p of suspects with a given advantage.
 *
 * @param advantage - d, as in `decoyPower`
 * @param draws - n, integer ≥ 1
 * @param versions - V of each draw, integer ≥ 2
 * @returns ≤ 0, no lower than `leastDecoyLog10P`
 * Accuracy: see above.
 * @example typicalDecoyLog10P(0.37, 500, 10); // returns ~-16.187
 */
export function typicalDecoyLog10P(advantage: number, draws: number, versions: number): number {
  checkPlan({ advantage });
  return Math.max(log10NormalUpperTail(Math.sqrt(draws) * advantage), leastDecoyLog10P(draws, versions));
}

/**
 * The advantage at which the exact decoy test finds a given share of suspects, the inverse of `decoyPower`:
 *
 *   d = (z_level + z_power) / √n
 *
 * @param power - in (0, 1)
 * @param draws - n, integer ≥ 1
 * @param log10Level - log10 of the level, < 0
 * @returns d, sds of the scores within a draw
 * @example neededAdvantage(0.9, 500, -4); // returns ~0.2236
 */
export function neededAdvantage(power: number, draws: number, log10Level: number): number {
  checkPlan({ draws });
  return neededZ(power, log10Level) / Math.sqrt(draws);
}

/**
 * How many draws find a given share of suspects with a given advantage.
 *
 * @param power - in (0, 1)
 * @param advantage - d > 0, as in `decoyPower`
 * @param log10Level - log10 of the level, < 0
 * @returns n, integer ≥ 1; 1 where chance alone finds so many
 * @throws RangeError if the advantage is not above 0: then no number is enough
 * @example neededDraws(0.9, 0.37, -4); // returns 183
 */
export function neededDraws(power: number, advantage: number, log10Level: number): number {
  checkPlan({ advantage });
  if (advantage <= 0) throw new RangeError(`stats: advantage must be above 0, got ${advantage}`);
  return Math.max(1, Math.ceil((Math.max(0, neededZ(power, log10Level)) / advantage) ** 2));
}

/** Mean, in sds of its null distribution, of a statistic that is normal with unit sd and found so often. */
export function neededZ(power: number, log10Level: number): number {
  checkPlan({ power, log10Level });
  return normalUpperQuantile(log10Level) - normalUpperQuantile(Math.log10(power));
}
