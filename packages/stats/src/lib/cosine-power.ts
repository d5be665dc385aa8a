import { log10ChiSquaredUpperTail } from './chi-squared.ts';
import { checkPlan } from './check-plan.ts';
import { neededZ } from './decoy-power.ts';
import { log10NormalUpperTail } from './normal.ts';

/** A white-box test to be planned: cosines of K class weights and their carriers in R^D. */
export interface CosineTest {
  /** K, classes with marked images, integer ≥ 1. */
  readonly classes: number;
  /** D, integer ≥ 2. */
  readonly dimension: number;
  /** log10 of the level, < 0. */
  readonly log10Level: number;
  readonly combination: 'fisher' | 'stouffer';
}

/**
 * The mean cosine of class weight and carrier at which the white-box test finds a given share of suspects.
 *
 * A suspect's cosines are taken as c + noise, the noise being that of random directions: N(0, 1/D) for large D. So
 * every class has a z of N(c √D, 1), and
 *   Stouffer: c = (z_level + z_power) / √(K D)
 *   Fisher:   −2 Σ ln p_i has mean and variance by quadrature over z, and is taken for a gamma variable with these,
 *             which for c = 0 is its exact law, chi-squared with 2K degrees of freedom; c by bisection.
 *
 * @param power - in (0, 1)
 * @returns c, in units of the cosine
 * @throws RangeError if an argument is outside its range
 * Accuracy: power to 0.01 for K = 10, 100 and 1000 (against 20,000 simulations each).
 * Source: the test is that of Sablayrolles et al. 2020, section 4 (arXiv 2002.00937).
 * @example neededCosine(0.5, { classes: 10, dimension: 512, log10Level: -4, combination: 'stouffer' }); // returns ~0.052
 */
export function neededCosine(power: number, { classes, dimension, log10Level, combination }: CosineTest): number {
  checkPlan({ power, classes, dimension, log10Level });
  if (combination === 'stouffer') return neededZ(power, log10Level) / Math.sqrt(classes * dimension);
  const critical = criticalChiSquared(log10Level, 2 * classes);
  const shift = bisect((z) => fisherPower(z, classes, critical) >= power);
  return shift / Math.sqrt(dimension);
}

/** How often Fisher's combination of K p-values of N(shift, 1) is at least `critical`. */
function fisherPower(shift: number, classes: number, critical: number): number {
  let [weights, mean, square] = [0, 0, 0];
  for (let z = -8; z <= 8; z += 1 / 32) {
    const weight = Math.exp(-(z ** 2) / 2);
    const x = -2 * Math.LN10 * log10NormalUpperTail(z + shift);
    weights += weight;
    mean += weight * x;
    square += weight * x ** 2;
  }
  mean /= weights;
  const variance = square / weights - mean ** 2;
  const df = (2 * classes * mean ** 2) / variance;
  return 10 ** log10ChiSquaredUpperTail((2 * critical * mean) / variance, df);
}

function criticalChiSquared(log10Level: number, df: number): number {
  return bisect((x) => log10ChiSquaredUpperTail(x, df) <= log10Level);
}

/** The least x > 0, to about 1e−9 of it, of which `isEnough` is true; it is of all larger ones. */
function bisect(isEnough: (x: number) => boolean): number {
  let high = 1;
  while (!isEnough(high)) high *= 2;
  let low = 0;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
