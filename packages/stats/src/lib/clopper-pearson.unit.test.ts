import { describe, expect, it } from '@jest/globals';
import { expectRelative } from '../../test/expect-relative.ts';
import { betaQuantile } from './beta-quantile.ts';
import { clopperPearson } from './clopper-pearson.ts';
import { logIncompleteBeta } from './incomplete-beta.ts';

/** Of x. The tail is right to 1e−12, and x moves with it by less than that over its slope. */
const TOLERANCE = 1e-10;

/*
 * Expected values by bisection, with mpmath at 30 digits:
 *   from mpmath import mp, mpf, betainc; mp.dps = 30
 *   def quantile(p, a, b):
 *       low, high = mpf(0), mpf(1)
 *       for _ in range(120):
 *           x = (low + high) / 2
 *           low, high = (x, high) if betainc(a, b, 0, x, regularized=True) < p else (low, x)
 *       return high
 */

describe('betaQuantile', () => {
  it.each([
    [0.5, 2, 3, 0.38572756813238955],
    [0.025, 1, 1000, 2.5317487491294045e-5],
    [0.975, 51, 950, 0.065390487915493645],
    [0.025, 20, 19981, 0.00061092960617360679],
    [1e-6, 500, 3, 0.96253748739950669],
    [0.9, 0.5, 2.5, 0.44814919956042965],
  ])('of %d, with a %d and b %d, is %d', (probability, a, b, expected) => {
    expectRelative(betaQuantile(probability, a, b), expected, TOLERANCE);
    const x = betaQuantile(probability, a, b);
    expectRelative(Math.exp(logIncompleteBeta(a, b, x, 1 - x)), probability, TOLERANCE);
  });

  it('is 0 and 1 at the ends', () => {
    expect([betaQuantile(0, 3, 4), betaQuantile(1, 3, 4)]).toEqual([0, 1]);
  });

  it('refuses what is no probability, and parameters that are not positive', () => {
    expect(() => betaQuantile(1.5, 1, 1)).toThrow('a probability must be in [0, 1], got 1.5');
    expect(() => betaQuantile(NaN, 1, 1)).toThrow('got NaN');
    expect(() => betaQuantile(0.5, 0, 1)).toThrow('must be positive, got 0 and 1');
  });
});

describe('clopperPearson', () => {
  it.each([
    [5, 100, 0.95, 0.0164318791820522, 0.112834911105463],
    [0, 1000, 0.95, 0, 0.00368208389686567],
    [1000, 1000, 0.95, 0.996317916103134, 1],
    [23, 20_000, 0.95, 0.000729136638397148, 0.00172506801847194],
    [61, 1000, 0.999, 0.0389456261007199, 0.0898368066243829],
  ])('of %d in %d, with confidence %d, is [%d, %d]', (count, total, confidence, low, high) => {
    const interval = clopperPearson(count, total, confidence);
    expect(Math.abs(interval.low - low)).toBeLessThan(TOLERANCE);
    expect(Math.abs(interval.high - high)).toBeLessThan(TOLERANCE);
  });

  it('refuses counts that cannot be', () => {
    expect(() => clopperPearson(5, 4, 0.95)).toThrow('got 5 of 4');
    expect(() => clopperPearson(0, 0, 0.95)).toThrow('got 0 of 0');
    expect(() => clopperPearson(1, 2, 1)).toThrow('confidence must be between 0 and 1, got 1');
  });
});
