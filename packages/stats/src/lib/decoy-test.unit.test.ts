import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { enumerateSums, shareAtLeast, simulateDraws, smallDraws, sumOfPublished } from '../../test/draws.ts';
import { expectRelative } from '../../test/expect-relative.ts';
import { seededRng } from '../../test/rng.ts';
import { decoyTest } from './decoy-test.ts';
import { logIncompleteBeta } from './incomplete-beta.ts';

/** Relative error of a p-value summed over at most five rows: a few ulp. */
const exact = 1e-13;
/** Relative error of log10 p over up to 2000 rows, each of which adds an ulp or two. */
const manyRows = 1e-11;
/** Another unit of the scores moves them by half a cell, 1/8192 of a row, which moves log10 p by far less than this. */
const otherGrid = 0.05;
const score = fc.double({ min: -3, max: 3, noNaN: true });

/** ln P(Binomial(n, q) ≥ k) */
function logBinomialTail(n: number, q: number, k: number): number {
  return k === 0 ? 0 : logIncompleteBeta(k, n - k + 1, q, 1 - q);
}

describe('exact decoy test', () => {
  test('equals enumeration of all choices, ties counted', () => {
    fc.assert(
      fc.property(smallDraws(fc.integer({ min: -20, max: 20 })), (draws) => {
        const sums = enumerateSums(draws.scores);
        const { log10P, z, observed } = decoyTest(draws);
        const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
        const sd = Math.sqrt(sums.reduce((a, b) => a + (b - mean) ** 2, 0) / sums.length);
        expect(observed).toBe(sumOfPublished(draws));
        expectRelative(10 ** log10P, shareAtLeast(sums, observed), exact);
        expect(z).toBeCloseTo(sd === 0 ? 0 : (observed - mean) / sd, 10);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('rounding to the grid moves no sum by more than half a cell a draw', () => {
    fc.assert(
      fc.property(smallDraws(score), (draws) => {
        const range = Math.max(...draws.scores.map((row) => Math.max(...row) - Math.min(...row)));
        const slack = (range / 2048) * draws.scores.length + 1e-12; // a cell is at most range/2048
        const sums = enumerateSums(draws.scores);
        const p = 10 ** decoyTest(draws).log10P;
        expect(p).toBeGreaterThanOrEqual(shareAtLeast(sums, sumOfPublished(draws) + slack) * (1 - exact));
        expect(p).toBeLessThanOrEqual(shareAtLeast(sums, sumOfPublished(draws) - slack) * (1 + exact));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test.each([
    [500, 10, 500],
    [500, 10, 499],
    [500, 10, 300],
    [500, 10, 51],
    [500, 10, 50],
    [500, 10, 20],
    [500, 2, 400],
    [2000, 10, 1900],
  ])('one version that stands out in each of %d rows of %d: hits are binomial, %d observed', (n, versions, hits) => {
    const scores = Array.from({ length: n }, () => Array.from({ length: versions }, (_, v) => (v === 0 ? 1 : 0)));
    const published = scores.map((_, i) => (i < hits ? 0 : 1));
    const expected = logBinomialTail(n, 1 / versions, hits) / Math.LN10;
    expectRelative(decoyTest({ scores, published }).log10P, expected, manyRows);
  });

  test('the best of all choices has the product of the shares of the best, below any double', () => {
    const scores = Array.from({ length: 1000 }, (_, i) => (i % 2 ? [0.5, 3.25, 3.25, -1] : [7.5, 2, 3]));
    const published = scores.map((_, i) => (i % 2 ? 1 : 0));
    expectRelative(decoyTest({ scores, published }).log10P, 500 * Math.log10(1 / 2) + 500 * Math.log10(1 / 3), exact);
  });

  test('equal scores, and the worst of all choices, are no evidence', () => {
    const equal = { scores: [[1, 1], [2, 2, 2]], published: [0, 2] }; // prettier-ignore
    expect(decoyTest(equal)).toMatchObject({ log10P: 0, z: 0, observed: 3 });
    const worst = { scores: [[1, 5], [2, 0, 7]], published: [0, 1] }; // prettier-ignore
    expect(decoyTest(worst).log10P).toBe(0);
  });

  test('one draw has the share of versions that score as high', () => {
    expectRelative(decoyTest({ scores: [[0.3, 0.9, 0.1, 0.3]], published: [0] }).log10P, Math.log10(3 / 4), exact);
  });

  test('a row with a single version adds nothing', () => {
    const draws = simulateDraws(seededRng(4), 6, 5, 1);
    const longer = { scores: [...draws.scores, [17]], published: [...draws.published, 0] };
    expect(decoyTest(longer).log10P).toBe(decoyTest(draws).log10P);
  });

  test('scores times a power of two, and a row moved by it, give the same p to the bit', () => {
    const draws = simulateDraws(seededRng(2), 12, 6, 1);
    const integers = draws.scores.map((row) => row.map((x) => Math.round(x * 100)));
    const { log10P } = decoyTest({ ...draws, scores: integers });
    const moved = integers.map((row, i) => row.map((x) => (x + 1000 * i) * 2 ** -40));
    expect(decoyTest({ ...draws, scores: moved }).log10P).toBe(log10P);
  });

  test.each([1e-310, 1e-6, 1e300])('scores in units of %d give nearly the same p', (unit) => {
    const draws = simulateDraws(seededRng(2), 12, 6, 1);
    const { log10P } = decoyTest(draws);
    expect(log10P).toBeLessThan(-1);
    const scaled = draws.scores.map((row) => row.map((x) => x * unit));
    expect(Math.abs(decoyTest({ ...draws, scores: scaled }).log10P - log10P)).toBeLessThan(otherGrid);
  });

  test('the order of the versions and of the rows does not matter', () => {
    fc.assert(
      fc.property(smallDraws(score), (draws) => {
        const reversed = {
          scores: draws.scores.map((row) => row.toReversed()).toReversed(),
          published: draws.published.map((v, i) => (draws.scores[i]?.length ?? 0) - 1 - v).toReversed(),
        };
        expect(decoyTest(reversed).log10P).toBeCloseTo(decoyTest(draws).log10P, 12);
      }),
      { seed: 1 },
    );
  });

  test('a better version published instead never raises p', () => {
    fc.assert(
      fc.property(smallDraws(score), (draws) => {
        const row = draws.scores[0] as readonly number[];
        const best = row.indexOf(Math.max(...row));
        const better = { ...draws, published: [best, ...draws.published.slice(1)] };
        expect(decoyTest(better).log10P).toBeLessThanOrEqual(decoyTest(draws).log10P + 1e-12);
      }),
      { seed: 1 },
    );
  });

  test('malformed draws are refused, naming row and version', () => {
    const scores = [[1, 2], [3, NaN]]; // prettier-ignore
    expect(() => decoyTest({ scores, published: [0, 1] })).toThrow(
      new RangeError('decoyTest: scores must be finite, row 1 version 1 is NaN'),
    );
    expect(() => decoyTest({ scores: [[1, -Infinity]], published: [0] })).toThrow(/row 0 version 1 is -Infinity/);
    expect(() => decoyTest({ scores: [[1, 2]], published: [2] })).toThrow(/2 versions of row 0, got 2/);
    expect(() => decoyTest({ scores: [[1, 2]], published: [0.5] })).toThrow(/2 versions of row 0, got 0.5/);
    expect(() => decoyTest({ scores: [[]], published: [0] })).toThrow(/0 versions of row 0, got 0/);
    expect(() => decoyTest({ scores: [[1, 2]], published: [] })).toThrow(/1 rows of scores but 0 published/);
    expect(() => decoyTest({ scores: [], published: [] })).toThrow(/at least one draw/);
    expect(() => decoyTest({ scores: [[-1e308, 1e308]], published: [0] })).toThrow(/overflow/);
  });
});
