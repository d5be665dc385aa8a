import { describe, expect, test } from '@jest/globals';
import { simulateDraws, sumOfPublished } from '../../test/draws.ts';
import { expectRelative } from '../../test/expect-relative.ts';
import { expectUniform, uniformity } from '../../test/expect-uniform.ts';
import { expectValid } from '../../test/expect-valid.ts';
import { seededRng } from '../../test/rng.ts';
import { decoyTest } from './decoy-test.ts';
import { log10NormalUpperTail } from './normal.ts';
import { rankTest } from './rank-test.ts';

const runs = 500;

describe('exact decoy test on simulated draws', () => {
  test('p is uniform under the null hypothesis; the draws of a peeking publisher are noticed', () => {
    const rng = seededRng(17);
    const simulated = (effect: number): number[] =>
      Array.from({ length: runs }, () => decoyTest(simulateDraws(rng, 6, 6, effect)).log10P);
    expectUniform(simulated(0));
    expect(uniformity(simulated(0.3))).toBeLessThan(-6);
  });

  test('with ties p is never too small', () => {
    const rng = seededRng(19);
    const log10Ps = Array.from({ length: runs }, () => {
      const { scores, published } = simulateDraws(rng, 4, 5);
      return decoyTest({ scores: scores.map((row) => row.map(Math.round)), published }).log10P;
    });
    expectValid(log10Ps);
  });

  test('p is uniform also where scores of a row are skewed and depend on one another, and rows differ', () => {
    const rng = seededRng(23);
    const log10Ps = Array.from({ length: runs }, () => {
      const { scores, published } = simulateDraws(rng, 8, 4);
      const skewed = scores.map((row, i) =>
        row.map((score, v) => Math.exp(score + (row[(v + 1) % 4] as number)) * (i + 1)),
      );
      return decoyTest({ scores: skewed, published }).log10P;
    });
    expectUniform(log10Ps);
  });

  test('evidence grows with the effect and with the number of draws', () => {
    const rng = seededRng(29);
    const strength = (n: number, effect: number): number => decoyTest(simulateDraws(rng, n, 10, effect)).log10P;
    expect(strength(50, 1)).toBeLessThan(-6);
    expect(strength(50, 3)).toBeLessThan(strength(50, 1));
    expect(strength(500, 1)).toBeLessThan(-60);
  });

  test('twenty thousand draws keep their evidence: the grid costs less than two percent of z', () => {
    const draws = simulateDraws(seededRng(31), 20_000, 3, 0.1);
    const means = draws.scores.map((row) => row.reduce((a, b) => a + b, 0) / row.length);
    const variances = draws.scores.map(
      (row, i) => row.reduce((sum, score) => sum + (score - (means[i] as number)) ** 2, 0) / row.length,
    );
    const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    const ungridded = (sumOfPublished(draws) - total(means)) / Math.sqrt(total(variances));
    const { z, log10P } = decoyTest(draws);
    expect(Math.abs(z / ungridded - 1)).toBeLessThan(0.02);
    expect(log10P).toBeCloseTo(log10NormalUpperTail(z), 0); // by then the sum is nearly normal
    expect(log10P).toBeLessThan(-10);
  });

  test('a hundred and fifty thousand draws are not too many', () => {
    const single = Array.from({ length: 150_000 }, () => [0]);
    const draws = { scores: [[1, 2, 3, 4], ...single], published: [3, ...single.map(() => 0)] };
    expectRelative(decoyTest(draws).log10P, Math.log10(1 / 4), 1e-13);
    expectRelative(rankTest(draws).log10P, Math.log10(1 / 4), 1e-13);
  });

  test('the plotted null distribution has the mean, the sd and the mass of the null', () => {
    const draws = simulateDraws(seededRng(31), 60, 10, 0.5);
    const { nullDistribution, observed, z } = decoyTest(draws);
    const { from, to, probability } = nullDistribution;
    const width = (to - from) / probability.length;
    const centre = (i: number): number => from + (i + 0.5) * width;
    const mass = probability.reduce((sum, p) => sum + p, 0);
    const mean = probability.reduce((sum, p, i) => sum + p * centre(i), 0);
    const sd = Math.sqrt(probability.reduce((sum, p, i) => sum + p * (centre(i) - mean) ** 2, 0));
    expect(probability.length).toBeLessThanOrEqual(96);
    expect(mass).toBeCloseTo(1, 8);
    expect((observed - mean) / sd).toBeCloseTo(z, 1);
  });
});
