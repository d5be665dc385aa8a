import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expectRelative } from '../../test/expect-relative.ts';
import { expectUniform } from '../../test/expect-uniform.ts';
import reference from '../../test/fixtures/reference.json' with { type: 'json' };
import { normalSample, seededRng } from '../../test/rng.ts';
import { pairedTTest } from './paired-t-test.ts';
import { wilcoxonSignedRankTest } from './wilcoxon-signed-rank-test.ts';

/** The bar is 1e−9; measured 3e−15. */
const tolerance = 1e-12;
const cases = reference.paired.map((row) => ({ ...row, n: row.differences.length }));

/** P(W ≥ observed) over all 2^n signs, by counting. */
function enumerateSigns(differences: readonly number[]): number {
  const sizes = differences.filter((x) => x !== 0).map(Math.abs);
  const rank = (x: number): number => sizes.filter((y) => y < x).length + (sizes.filter((y) => y === x).length + 1) / 2;
  const ranks = sizes.map(rank);
  const statistic = differences.filter((x) => x > 0).reduce((sum, x) => sum + rank(x), 0);
  let count = 0;
  for (let signs = 0; signs < 2 ** ranks.length; signs++) {
    const sum = ranks.reduce((total, r, i) => total + ((signs >> i) & 1 ? r : 0), 0);
    if (sum >= statistic) count++;
  }
  return count / 2 ** ranks.length;
}

describe('Wilcoxon signed rank test', () => {
  test.each(cases)('reference: $n differences, $wilcoxonMethod', (row) => {
    const { log10P, statistic, method } = wilcoxonSignedRankTest(row.differences);
    expect({ statistic, method }).toEqual({ statistic: row.wilcoxonStatistic, method: row.wilcoxonMethod });
    expectRelative(log10P, Math.log10(row.wilcoxonP), tolerance);
  });

  test('equals enumeration of all signs, with ties and zeros', () => {
    const differences = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(differences, (values) => {
        fc.pre(values.some((x) => x !== 0));
        expect(10 ** wilcoxonSignedRankTest(values).log10P).toBeCloseTo(enumerateSigns(values), 12);
      }),
      { seed: 1 },
    );
  });

  test('the approximation meets the exact distribution where it takes over', () => {
    const rng = seededRng(3);
    const differences = Array.from({ length: 51 }, () => normalSample(rng) + 0.4);
    const [exact, normal] = [differences.slice(1), differences].map((x) => wilcoxonSignedRankTest(x).log10P);
    expect(Math.abs((exact as number) - (normal as number))).toBeLessThan(0.2);
  });

  test('only signs and ranks count: 50 positive differences have p = 2^−50, one has ½', () => {
    const positive = Array.from({ length: 50 }, (_, i) => Math.exp(i));
    expectRelative(wilcoxonSignedRankTest(positive).log10P, -50 * Math.log10(2), tolerance);
    expectRelative(wilcoxonSignedRankTest([0, 3, 0]).log10P, Math.log10(0.5), tolerance);
    expect(wilcoxonSignedRankTest([-3]).log10P).toBe(0);
  });

  test('p of differences and of their negatives add up to one and what the tie counts twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }),
        fc.nat(511),
        (sizes, bits) => {
          const values = sizes.map((x, i) => ((bits >> i) & 1 ? x : -x));
          const [p, mirrored] = [values, values.map((x) => -x)].map((x) => 10 ** wilcoxonSignedRankTest(x).log10P);
          const above = enumerateSigns(values.map((x) => -x)); // P(W ≤ observed), by counting
          expect(mirrored).toBeCloseTo(above, 12);
          expect((p as number) + (mirrored as number)).toBeGreaterThan(1);
        },
      ),
      { seed: 1 },
    );
  });

  test('refuses nothing but zeros, none at all, and NaN', () => {
    expect(() => wilcoxonSignedRankTest([0, 0])).toThrow(/all differences are zero/);
    expect(() => wilcoxonSignedRankTest([])).toThrow(/at least 1 differences, got 0/);
    expect(() => wilcoxonSignedRankTest([1, NaN])).toThrow(/number 1 is NaN/);
  });
});

describe('paired t-test', () => {
  test.each(cases)('reference: $n differences', ({ differences, tStatistic, tP, n }) => {
    const { log10P, t, df } = pairedTTest(differences);
    expect(df).toBe(n - 1);
    expectRelative(t, tStatistic, tolerance);
    expectRelative(log10P, Math.log10(tP), tolerance);
  });

  test('p of differences and of their negatives add up to one, and the unit does not matter', () => {
    const value = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 30 }), (values) => {
        fc.pre(Math.max(...values) - Math.min(...values) > 1e-3);
        const log10P = (factor: number): number => pairedTTest(values.map((x) => x * factor)).log10P;
        expect(10 ** log10P(1) + 10 ** log10P(-1)).toBeCloseTo(1, 12);
        expect(log10P(8)).toBe(log10P(1));
      }),
      { seed: 1 },
    );
  });

  test('two differences have one degree of freedom: p = ½ − atan(t)/π', () => {
    const { log10P, t, df } = pairedTTest([1, 3]);
    expect({ t, df }).toEqual({ t: 2, df: 1 });
    expectRelative(log10P, Math.log10(0.5 - Math.atan(2) / Math.PI), tolerance);
  });

  test('refuses what leaves t undefined', () => {
    expect(() => pairedTTest([1])).toThrow(/at least 2 differences, got 1/);
    expect(() => pairedTTest([2, 2, 2])).toThrow(/all 3 differences are equal/);
    expect(() => pairedTTest([1, Infinity])).toThrow(/number 1 is Infinity/);
  });
});

describe.each([
  ['Wilcoxon signed rank test', wilcoxonSignedRankTest],
  ['paired t-test', pairedTTest],
] as const)('%s on simulated differences', (_, judge) => {
  const rng = seededRng(11);
  const simulate = (n: number, shift: number): number =>
    judge(Array.from({ length: n }, () => normalSample(rng) + shift)).log10P;

  test.each([20, 80])('p-values of %d differences about zero are uniform', (n) => {
    const log10Ps = Array.from({ length: 1500 }, () => simulate(n, 0));
    expectUniform(log10Ps);
  });

  test('evidence grows with the shift', () => {
    const medians = [0.2, 0.5, 1].map(
      (shift) => Array.from({ length: 51 }, () => simulate(40, shift)).sort((a, b) => a - b)[25] as number,
    );
    expect(medians).toEqual(medians.toSorted((a, b) => b - a));
    expect(medians[2]).toBeLessThan(-5);
  });
});
