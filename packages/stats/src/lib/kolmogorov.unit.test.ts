import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expectRelative } from '../../test/expect-relative.ts';
import { expectUniform } from '../../test/expect-uniform.ts';
import kernels from '../../test/fixtures/kernels.json' with { type: 'json' };
import reference from '../../test/fixtures/reference.json' with { type: 'json' };
import { seededRng } from '../../test/rng.ts';
import { log10KolmogorovUpperTail } from './kolmogorov.ts';
import { uniformKolmogorovSmirnov } from './uniform-kolmogorov-smirnov.ts';

const largestExact = 500;
/** Where p ≥ 6e−4 is taken from one, three digits go; the overlap of the two one-sided events is e^{−24}. */
const exactTolerance = 1e-10;
/** Absolute error of p by Pelz and Good's series, as its docs state. */
const seriesError = (n: number): number => 3e-7 * (500 / n) ** 2;

describe('Kolmogorov–Smirnov test of uniformity', () => {
  test.each(reference.uniformKS)('reference: $statistic', ({ values, statistic, p }) => {
    const result = uniformKolmogorovSmirnov(values);
    expectRelative(result.statistic, statistic, 1e-14);
    expectRelative(result.log10P, Math.log10(p), 1e-12);
  });

  test.each(kernels.kolmogorov)('mpmath: D = $d of $n values', ({ n, d, log10P }) => {
    const actual = log10KolmogorovUpperTail(d, n);
    const isExact = n <= largestExact || n * d ** 2 >= 4;
    if (isExact) expectRelative(actual, log10P, exactTolerance);
    else expect(Math.abs(10 ** actual - 10 ** log10P)).toBeLessThan(seriesError(n));
  });

  test.each([1, 2, 7])('the smallest distance possible, 1/(2n) of n = %d values, has p = 1', (n) => {
    const evenly = Array.from({ length: n }, (_, i) => (i + 0.5) / n);
    const { statistic, log10P } = uniformKolmogorovSmirnov(evenly);
    expect(statistic).toBeCloseTo(0.5 / n, 14);
    expect(Math.abs(log10P)).toBeLessThan(1e-12);
  });

  test('one value has p = 2(1 − D)', () => {
    expectRelative(uniformKolmogorovSmirnov([0.2]).log10P, Math.log10(0.4), 1e-13);
  });

  test('p falls as the distance grows, across all three methods', () => {
    const distance = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(distance, distance, fc.constantFrom(1, 3, 30, 400, 3000), (a, b, n) => {
        const [far, near] = [Math.max(a, b), Math.min(a, b)].map((d) => log10KolmogorovUpperTail(d, n));
        expect(far).toBeLessThanOrEqual((near as number) + 1e-12);
      }),
      { seed: 1 },
    );
  });

  test('values reflected about ½ have the same p', () => {
    const value = fc.integer({ min: 1, max: 1023 }).map((k) => k / 1024); // 1 − x is exact
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), (values) => {
        const [direct, reflected] = [values, values.map((x) => 1 - x)].map((x) => uniformKolmogorovSmirnov(x).log10P);
        expect(Math.abs((direct as number) - (reflected as number))).toBeLessThan(exactTolerance);
      }),
      { seed: 1 },
    );
  });

  test('values that are all 0, or all 1, are impossible', () => {
    expect(uniformKolmogorovSmirnov([0, 0])).toEqual({ statistic: 1, log10P: -Infinity });
    expect(uniformKolmogorovSmirnov([1])).toEqual({ statistic: 1, log10P: -Infinity });
  });

  test('its own p-values are uniform for uniform values, and tiny for squares of them', () => {
    const rng = seededRng(5);
    const sample = (n: number): number[] => Array.from({ length: n }, rng);
    const log10Ps = Array.from({ length: 1000 }, () => uniformKolmogorovSmirnov(sample(40)).log10P);
    expectUniform(log10Ps);
    expect(uniformKolmogorovSmirnov(sample(20_000).map((x) => x ** 2)).log10P).toBeLessThan(-1000);
  });

  test('refuses no values, and values outside [0, 1]', () => {
    expect(() => uniformKolmogorovSmirnov([])).toThrow(/at least one value/);
    expect(() => uniformKolmogorovSmirnov([0.5, 1.5])).toThrow(/in \[0, 1\], number 1 is 1.5/);
    expect(() => uniformKolmogorovSmirnov([NaN])).toThrow(/number 0 is NaN/);
  });
});
