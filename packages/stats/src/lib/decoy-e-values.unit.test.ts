import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { simulateDraws, smallDraws } from '../../test/draws.ts';
import { seededRng } from '../../test/rng.ts';
import { decoyEValues } from './decoy-e-values.ts';
import { decoyTest } from './decoy-test.ts';

/** Every choice of one version from each row. */
function choices(scores: readonly (readonly number[])[]): number[][] {
  return scores.reduce<number[][]>((all, row) => all.flatMap((choice) => row.map((_, v) => [...choice, v])), [[]]);
}

const last = (values: readonly number[]): number => values.at(-1) as number;

describe('decoyEValues', () => {
  it('has mean 1 over all choices, after every row, so nobody gains by chance', () => {
    fc.assert(
      fc.property(smallDraws(fc.integer({ min: -9, max: 9 })), ({ scores }) => {
        const runs = choices(scores).map((published) => decoyEValues({ scores, published }));
        scores.forEach((_, i) => {
          const mean = runs.reduce((sum, run) => sum + 10 ** (run[i] as number), 0) / runs.length;
          expect(Math.abs(mean - 1)).toBeLessThan(1e-12);
        });
      }),
    );
  });

  it('is what two rows give by hand', () => {
    const stakes = [0.1, 0.2, 0.4, 0.8, 1.6];
    const scores = [
      [0, 2],
      [0, 0, 0],
    ];
    // Row one has deviations −1 and 1 and variance 1; row two has nothing to tell, and leaves the capital as it is.
    const expected = Math.log10(stakes.reduce((sum, stake) => sum + Math.exp(stake) / Math.cosh(stake), 0) / 5);
    decoyEValues({ scores, published: [1, 2] }).forEach((value) => expect(value).toBeCloseTo(expected, 12));
    expect(decoyEValues({ scores: [[3], [4, 4]], published: [0, 1] })).toEqual([0, 0]);
  });

  it('ever reaches 20 in at most one of twenty models that know nothing', () => {
    const rng = seededRng(11);
    const runs = 2000;
    const found = Array.from({ length: runs }, () => decoyEValues(simulateDraws(rng, 60, 5))).filter(
      (values) => Math.max(...values) >= Math.log10(20),
    ).length;
    expect(found).toBeLessThanOrEqual(100 + 5 * 9.7); // five standard deviations of Binomial(2000, 0.05)
    expect(found).toBeGreaterThan(10); // and it does bet
  });

  it('loses little to the exact test where there is an effect, and gets far before the end', () => {
    const rng = seededRng(12);
    const draws = simulateDraws(rng, 500, 10, 0.45);
    const values = decoyEValues(draws);
    expect(last(values)).toBeGreaterThan(-decoyTest(draws).log10P - 4);
    expect(last(values)).toBeLessThan(-decoyTest(draws).log10P);
    expect(values.findIndex((value) => value >= 4)).toBeLessThan(300);
  });

  it('does not depend on unit and origin of the scores', () => {
    const { scores, published } = simulateDraws(seededRng(13), 20, 4, 1);
    const moved = scores.map((row, i) => row.map((score) => 1000 * score + i));
    const values = decoyEValues({ scores: moved, published });
    decoyEValues({ scores, published }).forEach((value, i) => expect(values[i]).toBeCloseTo(value, 9));
  });

  it('refuses draws that cannot be judged', () => {
    expect(() => decoyEValues({ scores: [], published: [] })).toThrow('decoyEValues: needs at least one draw');
    expect(() => decoyEValues({ scores: [[0, NaN]], published: [0] })).toThrow('row 0 version 1 is NaN');
    expect(() => decoyEValues({ scores: [[0, 1e200]], published: [0] })).toThrow('row 0 are too large to square');
  });
});
