import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expectRelative } from '../../test/expect-relative.ts';
import kernels from '../../test/fixtures/kernels.json' with { type: 'json' };
import reference from '../../test/fixtures/reference.json' with { type: 'json' };
import { log10ChiSquaredUpperTail } from './chi-squared.ts';
import { log10CosineUpperTail } from './cosine.ts';
import { log10NormalUpperTail, normalUpperQuantile } from './normal.ts';
import { log10StudentTUpperTail } from './student-t.ts';

/** The bar is 1e−9; measured 2e−14, so a slip of ten digits is seen. */
const tolerance = 1e-12;
/** The reference took log(1 − tail) with 60 digits: it is off by as much as this, absolutely. */
const referenceError = 1e-60;

/** A tail with its mirror image: name, a function of one variable, and a range in which p and 1 − p are doubles. */
const symmetric: [string, (x: number) => number, number][] = [
  ['normal', log10NormalUpperTail, 8],
  ["Student's t, 1 degree of freedom", (t) => log10StudentTUpperTail(t, 1), 1e6],
  ["Student's t, 2.5 degrees of freedom", (t) => log10StudentTUpperTail(t, 2.5), 1e3],
  ['cosine, d = 2', (c) => log10CosineUpperTail(c, 2), 1],
  ['cosine, d = 512', (c) => log10CosineUpperTail(c, 512), 0.3],
];

describe('upper tails', () => {
  test.each(reference.cosineUpperTail)('cosine $cosine at d = $dimension', ({ dimension, cosine, log10p }) => {
    const slack = referenceError / Math.abs(log10p);
    const actual = log10CosineUpperTail(cosine, dimension);
    if (log10p === 0) expect(Math.abs(actual)).toBeLessThan(referenceError);
    else expectRelative(actual, log10p, tolerance + slack);
  });

  test.each(kernels.cosineUpperTail)(
    'cosine $cosine at d = $dimension, next to p = 1, where the reference has run out of digits',
    ({ dimension, cosine, log10p }) => expectRelative(log10CosineUpperTail(cosine, dimension), log10p, tolerance),
  );

  test.each(reference.normalUpperTail)('normal z = $z', ({ z, log10p }) =>
    expectRelative(log10NormalUpperTail(z), log10p, tolerance),
  );

  test.each(reference.studentTUpperTail)("Student's t = $t, $df degrees of freedom", ({ t, df, log10p }) =>
    expectRelative(log10StudentTUpperTail(t, df), log10p, tolerance),
  );

  test.each(reference.normalUpperTail)('the normal quantile of log10 p = $log10p is $z', ({ z, log10p }) => {
    if (z === 0) expect(Math.abs(normalUpperQuantile(log10p))).toBeLessThan(tolerance);
    else expectRelative(normalUpperQuantile(log10p), z, tolerance);
  });

  test.each(kernels.logUpperIncompleteGamma)('chi-squared 2 · $x, 2 · $a degrees of freedom', ({ a, x, value }) =>
    expectRelative(log10ChiSquaredUpperTail(2 * x, 2 * a), value / Math.LN10, tolerance),
  );

  test.each([0.1, 1, 30, 1e4])('chi-squared %d with two degrees of freedom is e^{−x/2}', (x) =>
    expectRelative(log10ChiSquaredUpperTail(x, 2), -x / 2 / Math.LN10, tolerance),
  );

  test.each([0.01, 1, 5, 40])('chi-squared z² with one degree of freedom is twice the normal tail, z = %d', (z) =>
    expectRelative(log10ChiSquaredUpperTail(z ** 2, 1), Math.log10(2) + log10NormalUpperTail(z), tolerance),
  );

  test.each(symmetric)('%s: falls as x grows, and p(x) + p(−x) = 1', (_, log10Tail, range) => {
    const x = fc.double({ min: -range, max: range, noNaN: true });
    fc.assert(
      fc.property(x, x, (a, b) => {
        expect(log10Tail(Math.max(a, b))).toBeLessThanOrEqual(log10Tail(Math.min(a, b)));
        expect(10 ** log10Tail(a) + 10 ** log10Tail(-a)).toBeCloseTo(1, 12);
      }),
      { seed: 1 },
    );
  });

  test('the tails of Student’s t and of the cosine reach far below the smallest double', () => {
    // One degree of freedom is Cauchy: P(T ≥ t) → 1/(πt). At d = 3 the cosine is uniform on [−1, 1].
    expectRelative(log10StudentTUpperTail(1e150, 1), -150 - Math.log10(Math.PI), tolerance);
    expectRelative(log10CosineUpperTail(0.25, 3), Math.log10(0.375), tolerance);
    expect(log10CosineUpperTail(0.9, 25_088)).toBeLessThan(-9000);
  });

  test('chi-squared falls as x grows and rises with the degrees of freedom', () => {
    const x = fc.double({ min: 0, max: 1e5, noNaN: true });
    const df = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(x, x, df, (a, b, k) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(log10ChiSquaredUpperTail(high, k)).toBeLessThanOrEqual(log10ChiSquaredUpperTail(low, k) * (1 - 1e-13));
        expect(log10ChiSquaredUpperTail(a, k)).toBeLessThanOrEqual(log10ChiSquaredUpperTail(a, k + 1) * (1 - 1e-13));
      }),
      { seed: 1 },
    );
  });

  test('the normal quantile undoes the tail, from p near 1 to 1e−40000', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 400, noNaN: true }), (z) => {
        expect(Math.abs(normalUpperQuantile(log10NormalUpperTail(z)) - z)).toBeLessThan(
          1e-13 * Math.max(1, Math.abs(z)),
        );
      }),
      { seed: 1 },
    );
  });

  test('the ends are reached without NaN', () => {
    expect(log10NormalUpperTail(Infinity)).toBe(-Infinity);
    expect(log10NormalUpperTail(-Infinity)).toBe(0);
    expect(log10NormalUpperTail(NaN)).toBeNaN();
    expect(normalUpperQuantile(0)).toBe(-Infinity);
    expect(normalUpperQuantile(-Infinity)).toBe(Infinity);
    expect(log10CosineUpperTail(1, 512)).toBe(-Infinity);
    expect(log10CosineUpperTail(-1, 512)).toBe(0);
    expectRelative(log10CosineUpperTail(0, 512), Math.log10(0.5), tolerance);
    expectRelative(log10StudentTUpperTail(0, 3), Math.log10(0.5), tolerance);
    expect(log10StudentTUpperTail(Infinity, 3)).toBe(-Infinity);
    expect(log10StudentTUpperTail(-Infinity, 3)).toBe(0);
    expect(log10StudentTUpperTail(NaN, 3)).toBeNaN();
    expect(log10StudentTUpperTail(2, NaN)).toBeNaN();
    expect(log10ChiSquaredUpperTail(0, 3)).toBe(0);
    expect(log10ChiSquaredUpperTail(Infinity, 3)).toBe(-Infinity);
    expect(log10ChiSquaredUpperTail(NaN, 3)).toBeNaN();
    expect(log10ChiSquaredUpperTail(2, NaN)).toBeNaN();
  });

  test('arguments outside their domain are refused with their value', () => {
    expect(() => log10CosineUpperTail(1.01, 512)).toThrow(
      new RangeError('stats: a cosine must be in [−1, 1], got 1.01'),
    );
    expect(() => log10CosineUpperTail(NaN, 512)).toThrow(RangeError);
    expect(() => log10CosineUpperTail(0.5, 1)).toThrow(/dimension .* integer ≥ 2, got 1$/);
    expect(() => log10CosineUpperTail(0.5, 2.5)).toThrow(/got 2.5$/);
    expect(() => log10StudentTUpperTail(2, 0)).toThrow(/degrees of freedom must be positive, got 0/);
    expect(() => log10StudentTUpperTail(2, Infinity)).toThrow(/got Infinity/);
    expect(() => log10ChiSquaredUpperTail(1, -3)).toThrow(/degrees of freedom must be positive, got -3/);
    expect(() => log10ChiSquaredUpperTail(-1, 3)).toThrow(/≥ 0, got -1/);
    expect(() => normalUpperQuantile(0.1)).toThrow(/\[−∞, 0\], got 0.1/);
    expect(() => normalUpperQuantile(NaN)).toThrow(/got NaN/);
  });
});
