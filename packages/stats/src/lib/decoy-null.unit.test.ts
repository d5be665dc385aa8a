import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { simulateDraws, smallDraws } from '../../test/draws.ts';
import { seededRng } from '../../test/rng.ts';
import { decoyNull } from './decoy-null.ts';
import { decoyTest } from './decoy-test.ts';

/** Sums of the same positive terms in another order. */
const TOLERANCE = 1e-9;

describe('decoyNull', () => {
  it('gives every choice the p-value that decoyTest gives it', () => {
    const { scores } = simulateDraws(seededRng(5), 60, 10);
    const log10P = decoyNull(scores);
    for (let choice = 0; choice < 30; choice++) {
      const published = scores.map((row, i) => (7 * i + choice * (i % 11)) % row.length);
      expect(log10P(published)).toBeCloseTo(decoyTest({ scores, published }).log10P, 9);
    }
  });

  it('agrees on few draws, ties and all, down to the best and the worst choice', () => {
    fc.assert(
      fc.property(smallDraws(fc.integer({ min: -3, max: 3 })), ({ scores, published }) => {
        const log10P = decoyNull(scores);
        const best = scores.map((row) => row.indexOf(Math.max(...row)));
        const worst = scores.map((row) => row.indexOf(Math.min(...row)));
        for (const choice of [published, best, worst]) {
          const expected = decoyTest({ scores, published: choice }).log10P;
          expect(Math.abs(log10P(choice) - expected)).toBeLessThan(TOLERANCE);
        }
      }),
    );
  });

  it('refuses what decoyTest refuses, the scores at once and a choice when it comes', () => {
    expect(() => decoyNull([])).toThrow('decoyNull: needs at least one draw');
    expect(() => decoyNull([[1, NaN]])).toThrow('row 0 version 1 is NaN');
    expect(() => decoyNull([[1, 2]])([2])).toThrow('must be an index of the 2 versions of row 0, got 2');
  });
});
