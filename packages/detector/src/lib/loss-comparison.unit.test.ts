import { describe, expect, it } from '@jest/globals';
import { stouffer } from '@radiotracer/stats';
import { lossComparison, welchTest } from './loss-comparison.ts';

const marked = {
  label: [0, 0, 1, 0, 0, 1, 2],
  group: [0, 1, 2, 3, 4, 5, 6],
  published: [0, 1, 0, 1, 0, 1, 0],
  suspectLoss: [
    [1.2, 9],
    [9, 2.0],
    [1.2, 9],
    [9, 1.1],
    [1.9, 9],
    [9, 1.9],
    [0.1, 9],
  ],
  referenceLoss: [],
};
const unmarked = {
  label: [0, 0, 0, 0, 0, 1, 1, 1, 2, 2],
  suspectLoss: [2.1, 3.4, 1.9, 2.8, 3.0, 0.3, 0.9, 0.7, 1, 2],
};
const evidence = { marked, unmarked, classNames: ['a', 'b', 'c'] };

// scipy 1.17.1: r = stats.ttest_ind(unmarked, marked, equal_var=False, alternative='greater'); r.statistic, log10(r.pvalue)
//   [2.1, 3.4, 1.9, 2.8, 3.0], [1.2, 2.0, 1.1, 1.9]  and  [0.3, 0.9, 0.7], [1.2, 1.9]
const expected = [
  { t: 2.99145154145621, log10P: -1.9951211329589509 },
  { t: -2.3388379055940924, log10P: -0.041549134733288834 },
];

describe('welchTest', () => {
  it.each([
    [0, [2.1, 3.4, 1.9, 2.8, 3.0], [1.2, 2.0, 1.1, 1.9]],
    [1, [0.3, 0.9, 0.7], [1.2, 1.9]],
  ])("agrees with scipy's, sample %d", (i, a, b) => {
    const { t, log10P } = welchTest(a, b) ?? { t: NaN, log10P: NaN };
    expect(t).toBeCloseTo(expected[i]?.t ?? NaN, 10);
    expect(log10P).toBeCloseTo(expected[i]?.log10P ?? NaN, 10);
  });

  it('has no answer on one value, or on values that do not vary', () => {
    expect(welchTest([1, 2], [0.1])).toBeUndefined();
    expect(welchTest([1, 1], [1, 1])).toBeUndefined();
  });
});

describe('lossComparison', () => {
  it('combines the classes that can be compared, on the published versions', () => {
    expect(lossComparison(evidence)?.log10P).toBeCloseTo(stouffer(expected.map(({ log10P }) => log10P)), 10);
  });

  it('gives no result where nothing can be compared', () => {
    expect(lossComparison({ ...evidence, unmarked: { label: [], suspectLoss: [] } })).toBeUndefined();
  });
});
