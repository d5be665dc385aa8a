import { meanInterval } from './mean-interval.ts';

/** A sample of n values with mean 5 and sd/√n = 1. */
function sample(n: number): number[] {
  const sd = Math.sqrt(n);
  const values = Array.from({ length: n }, (_, i) => i - (n - 1) / 2);
  const own = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / (n - 1));
  return values.map((x) => 5 + (x * sd) / own);
}

// scipy.stats.t.ppf((1 + confidence) / 2, n - 1)
test.each([
  [2, 0.95, 12.706204736174698],
  [3, 0.95, 4.302652729911275],
  [5, 0.95, 2.7764451051977987],
  [10, 0.95, 2.2621571628540993],
  [3, 0.99, 9.92484320091807],
])('%i values at confidence %f', (n, confidence, t) => {
  const { mean, halfWidth } = meanInterval(sample(n), confidence);
  expect(mean).toBeCloseTo(5, 12);
  expect((halfWidth ?? NaN) / t).toBeCloseTo(1, 10);
});

test('one value has a mean and no interval; equal values an interval of width 0', () => {
  expect(meanInterval([0.3], 0.95)).toEqual({ mean: 0.3, halfWidth: null });
  expect(meanInterval([2, 2, 2], 0.95)).toEqual({ mean: 2, halfWidth: 0 });
});

test('bad input', () => {
  expect(() => meanInterval([], 0.95)).toThrow('the mean of no values');
  expect(() => meanInterval([1], 95)).toThrow('confidence must be in (0, 1), got 95');
});
