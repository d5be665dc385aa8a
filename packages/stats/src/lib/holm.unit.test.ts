import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRng } from '../../test/rng.ts';
import { holm } from './holm.ts';

const log10 = (ps: readonly number[]): number[] => ps.map(Math.log10);
const log10P = fc.double({ min: -300, max: 0, noNaN: true });

test('four p-values, worked by hand, and as four of ten', () => {
  const ps = log10([0.01, 0.04, 0.03, 0.005]);
  holm(ps).forEach((p, i) => expect(10 ** p).toBeCloseTo([0.03, 0.06, 0.06, 0.02][i] as number, 12));
  holm(ps, 10).forEach((p, i) => expect(10 ** p).toBeCloseTo([0.09, 0.28, 0.24, 0.05][i] as number, 12));
});

test('a single test is left as it is; a p-value is never below its own, nor above Bonferroni’s', () => {
  expect(holm([-7])).toEqual([-7]);
  fc.assert(
    fc.property(fc.array(log10P, { minLength: 1, maxLength: 12 }), fc.nat(5), (ps, more) => {
      const tests = ps.length + more;
      holm(ps, tests).forEach((adjusted, i) => {
        expect(adjusted).toBeGreaterThanOrEqual(ps[i] as number);
        expect(adjusted).toBeLessThanOrEqual(Math.min(0, (ps[i] as number) + Math.log10(tests)));
      });
    }),
    { seed: 1 },
  );
});

test('with a fixed number of tests a further one takes nothing back', () => {
  fc.assert(
    fc.property(fc.array(log10P, { minLength: 2, maxLength: 8 }), (ps) => {
      const before = holm(ps.slice(0, -1), 8);
      holm(ps, 8)
        .slice(0, -1)
        .forEach((after, i) => expect(after).toBeLessThanOrEqual(before[i] as number));
    }),
    { seed: 1 },
  );
});

test('among true null hypotheses it finds one with no more than the level', () => {
  const rng = seededRng(3);
  const runs = 4000;
  const found = Array.from({ length: runs }, () => holm(Array.from({ length: 5 }, () => Math.log10(1 - rng())))).filter(
    (adjusted) => Math.min(...adjusted) <= Math.log10(0.05),
  ).length;
  // Binomial(4000, 0.049) has a standard deviation of 13.7; five of them either way.
  expect(Math.abs(found - 196)).toBeLessThan(69);
});

test('refuses fewer tests than p-values, and what is no p-value', () => {
  expect(() => holm([-1, -2], 1)).toThrow('there are 2 p-values, so tests must be an integer ≥ that, is 1');
  expect(() => holm([-1], 1.5)).toThrow(RangeError);
  expect(() => holm([])).toThrow('holm: needs at least one p-value');
  expect(() => holm([0.1])).toThrow('number 0 is 0.1');
});
