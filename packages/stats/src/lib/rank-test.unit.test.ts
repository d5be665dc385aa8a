import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { enumerateSums, shareAtLeast, simulateDraws, smallDraws, sumOfPublished } from '../../test/draws.ts';
import { expectRelative } from '../../test/expect-relative.ts';
import { expectUniform, uniformity } from '../../test/expect-uniform.ts';
import { seededRng } from '../../test/rng.ts';
import { rankTest } from './rank-test.ts';

/** Relative error of a p-value summed over at most five rows: a few ulp. */
const exact = 1e-13;
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('exact rank test', () => {
  test('one draw among K decoys has p = (1 + #{decoys ≥ published}) / (K + 1)', () => {
    fc.assert(
      fc.property(finite, fc.array(finite), (real, decoys) => {
        const p = (1 + decoys.filter((decoy) => decoy >= real).length) / (decoys.length + 1);
        expectRelative(10 ** rankTest({ scores: [[real, ...decoys]], published: [0] }).log10P, p, exact);
      }),
      { seed: 1 },
    );
  });

  test('equals enumeration of the sums of ranks, and ignores any rescaling of a row', () => {
    fc.assert(
      fc.property(smallDraws(fc.integer({ min: -3, max: 3 })), (draws) => {
        const ranks = draws.scores.map((row) =>
          row.map((x) => row.filter((y) => y < x).length + (row.filter((y) => y === x).length + 1) / 2),
        );
        const { log10P, rankSum } = rankTest(draws);
        expect(rankSum).toBe(sumOfPublished({ ...draws, scores: ranks }));
        expectRelative(10 ** log10P, shareAtLeast(enumerateSums(ranks), rankSum), exact);
        const rescaled = draws.scores.map((row, i) => row.map((score) => Math.exp(score) * (i + 1)));
        expect(rankTest({ ...draws, scores: rescaled }).log10P).toBe(log10P);
      }),
      { seed: 1 },
    );
  });

  test('the best of all choices has p = V^−n, below any double', () => {
    const scores = Array.from({ length: 500 }, (_, i) => [i, i + 1, i + 2, i + 3]);
    expectRelative(rankTest({ scores, published: scores.map(() => 3) }).log10P, -500 * Math.log10(4), exact);
  });

  test('equal scores, rows of one version, and the worst of all choices, are no evidence', () => {
    const log10P = (scores: number[][]): number => rankTest({ scores, published: scores.map(() => 0) }).log10P;
    expect(log10P([[1, 1], [2, 2, 2]])).toBe(0); // prettier-ignore
    expect(log10P([[5], [7]])).toBe(0);
    expect(log10P([[1, 2], [3, 4, 5]])).toBe(0); // prettier-ignore
  });

  test('under the null hypothesis its p-values are uniform, and not under an effect', () => {
    const rng = seededRng(37);
    const simulated = (effect: number): number[] =>
      Array.from({ length: 400 }, () => rankTest(simulateDraws(rng, 20, 10, effect)).log10P);
    expectUniform(simulated(0));
    expect(uniformity(simulated(0.3))).toBeLessThan(-6);
  });

  test('malformed draws are refused under its own name', () => {
    expect(() => rankTest({ scores: [[1, NaN]], published: [0] })).toThrow(
      new RangeError('rankTest: scores must be finite, row 0 version 1 is NaN'),
    );
    expect(() => rankTest({ scores: [[1, 2]], published: [-1] })).toThrow(/2 versions of row 0, got -1/);
    expect(() => rankTest({ scores: [], published: [] })).toThrow(/rankTest: needs at least one draw/);
  });
});
