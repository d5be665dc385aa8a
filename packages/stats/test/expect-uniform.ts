import { expect } from '@jest/globals';
import { uniformKolmogorovSmirnov } from '../src/lib/uniform-kolmogorov-smirnov.ts';
import { expectValid } from './expect-valid.ts';

/** Uniform values fail this once in a thousand seeds; with a fixed seed the outcome is always the same. */
const log10Chance = -3;

/** Asserts that p-values simulated under the null hypothesis are uniform: neither too small nor too large. */
export function expectUniform(log10Ps: readonly number[]): void {
  expectValid(log10Ps);
  expect(uniformity(log10Ps)).toBeGreaterThan(log10Chance);
}

/** log10 of the p-value of the hypothesis that p-values are uniform. */
export function uniformity(log10Ps: readonly number[]): number {
  return uniformKolmogorovSmirnov(log10Ps.map((log10P) => 10 ** log10P)).log10P;
}
