import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expectRelative } from '../../test/expect-relative.ts';
import { expectUniform, uniformity } from '../../test/expect-uniform.ts';
import reference from '../../test/fixtures/reference.json' with { type: 'json' };
import { seededRng } from '../../test/rng.ts';
import { fisher } from './fisher.ts';
import { stouffer } from './stouffer.ts';

/** The bar is 1e−9; measured 5e−14. */
const tolerance = 1e-12;
const log10P = fc.double({ min: -1000, max: -1e-9, noNaN: true });

describe.each([
  ['fisher', fisher, reference.fisher],
  ['stouffer', stouffer, reference.stouffer],
] as const)('%s', (name, combine, cases) => {
  test.each(cases)('reference: $combined', ({ log10p, combined }) =>
    expectRelative(combine(log10p), combined, tolerance),
  );

  test('leaves a single p-value as it is', () => {
    fc.assert(
      fc.property(log10P, (p) => expectRelative(combine([p]), p, tolerance)),
      { seed: 1 },
    );
  });

  test('does not depend on the order, and falls when one p-value falls', () => {
    fc.assert(
      fc.property(fc.array(log10P, { minLength: 1, maxLength: 20 }), log10P, (ps, p) => {
        expectRelative(combine(ps.toReversed()), combine(ps), tolerance);
        const [first, ...rest] = ps as [number, ...number[]];
        expect(combine([first + p, ...rest])).toBeLessThanOrEqual(combine(ps) * (1 - tolerance));
      }),
      { seed: 1 },
    );
  });

  test('is uniform when every p-value is', () => {
    const rng = seededRng(7);
    const combined = Array.from({ length: 2000 }, () =>
      combine(Array.from({ length: 10 }, () => Math.log10(1 - rng()))),
    );
    expectUniform(combined);
    const dependent = Array.from({ length: 500 }, () => combine(new Array<number>(10).fill(Math.log10(1 - rng()))));
    expect(uniformity(dependent)).toBeLessThan(-6); // it takes the p-values for independent, as documented
  });

  test('refuses an empty list and what is no log10 p-value', () => {
    expect(() => combine([])).toThrow(new RangeError(`${name}: needs at least one p-value`));
    expect(() => combine([-1, 0.3])).toThrow(/finite and ≤ 0, number 1 is 0.3/);
    expect(() => combine([NaN])).toThrow(/number 0 is NaN/);
    expect(() => combine([-Infinity, 0])).toThrow(/number 0 is -Infinity/);
  });

  test('a p-value of 1 is no evidence', () => expect(combine([0])).toBe(0));
});

test('Fisher favours one tiny p-value, Stouffer a little evidence in each', () => {
  const [oneTiny, allSmall] = [[-20, ...new Array<number>(9).fill(-0.3)], new Array<number>(10).fill(-1)];
  expect(fisher(oneTiny)).toBeLessThan(stouffer(oneTiny) - 3);
  expect(stouffer(allSmall)).toBeLessThan(fisher(allSmall) - 1);
});
