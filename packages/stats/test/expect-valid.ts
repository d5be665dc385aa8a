import { expect } from '@jest/globals';
import { logIncompleteBeta } from '../src/lib/incomplete-beta.ts';

/** A correct test fails this check once in 10^6 runs at each level; with a fixed seed it fails never or always. */
const log10Chance = -6;

/**
 * Asserts that p-values simulated under the null hypothesis are not too small: at each level α the count of p ≤ α is no
 * more than Binomial(n, α) allows. Discrete p-values may be larger than uniform, so nothing is asserted the other way.
 */
export function expectValid(log10Ps: readonly number[]): void {
  for (const level of [0.001, 0.01, 0.05, 0.1, 0.25, 0.5]) {
    const count = log10Ps.filter((log10P) => log10P <= Math.log10(level) + 1e-12).length;
    // P(Binomial(n, α) ≥ k) = I_α(k, n − k + 1)
    const logChance = count === 0 ? 0 : logIncompleteBeta(count, log10Ps.length - count + 1, level, 1 - level);
    expect({ level, count, isPlausible: logChance / Math.LN10 > log10Chance }).toMatchObject({ isPlausible: true });
  }
}
