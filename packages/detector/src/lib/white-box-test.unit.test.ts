import { describe, expect, it } from '@jest/globals';
import { fisher, log10CosineUpperTail, stouffer } from '@radiotracer/stats';
import { simulatedEvidence } from '../../test/simulated-evidence.ts';
import { whiteBoxTests } from './white-box-test.ts';

describe('whiteBoxTests', () => {
  it('combines the p-values of the cosines by Fisher and by Stouffer, and leaves out classes that have none', () => {
    const log10Ps = [0.2, -0.1, 0.3].map((cosine) => log10CosineUpperTail(cosine, 512));
    const results = whiteBoxTests({ whiteBox: { dimension: 512, cosine: [0.2, null, -0.1, 0.3], heldOutR2: 0.81 } });
    expect(results.map(({ log10P }) => log10P)).toEqual([fisher(log10Ps), stouffer(log10Ps)]);
    for (const { statistic, sampleSize, caveat } of results) {
      expect(statistic.value).toBeCloseTo(0.4 / 3, 12);
      expect(sampleSize).toEqual({ classes: 3, dimension: 512 });
      expect(caveat).toContain('0.81');
    }
  });

  it('combines what the weights have beyond a clean network by Stouffer alone', () => {
    const excessCosine = [0.1, null, 0.05, 0.2];
    const results = whiteBoxTests({
      whiteBox: { dimension: 512, cosine: [0, null, 0, 0], excessCosine, heldOutR2: 1 },
    });
    const log10Ps = [0.1, 0.05, 0.2].map((cosine) => log10CosineUpperTail(cosine, 512));
    expect(results.slice(2)).toEqual([
      expect.objectContaining({
        test: "white-box cosine test beyond a clean network's, classes combined by Stouffer's method",
        log10P: stouffer(log10Ps),
        sampleSize: { classes: 3, dimension: 512 },
      }),
    ]);
    expect(results[2]?.statistic.value).toBeCloseTo(0.35 / 3, 12);
  });

  it('says so where the alignment has no R²', () => {
    const results = whiteBoxTests({ whiteBox: { dimension: 512, cosine: [0.2, null], heldOutR2: null } });
    expect(results).toHaveLength(2);
    for (const { caveat } of results) {
      expect(caveat).toContain("(R² on images that the alignment was not fitted to: not defined, as the suspect's");
    }
  });

  it('says so where the weights were inferred from what the suspect answered', () => {
    const seen = { dimension: 512, cosine: [0.2, null], heldOutR2: 0.9 };
    for (const { caveat } of whiteBoxTests({ whiteBox: seen })) expect(caveat).not.toContain('were not seen');
    const inferred = whiteBoxTests({ whiteBox: { ...seen, inferredFrom: 'probabilities' } });
    expect(inferred.map(({ log10P }) => log10P)).toEqual(whiteBoxTests({ whiteBox: seen }).map(({ log10P }) => log10P));
    for (const { caveat } of inferred) {
      expect(caveat).toContain("The suspect's weights were not seen; its probabilities on clean images tell of them.");
    }
  });

  it('gives no result where no class has a cosine', () => {
    expect(whiteBoxTests({ whiteBox: { dimension: 512, cosine: [null, null], heldOutR2: 0 } })).toEqual([]);
  });

  it('finds 5 % of 2,000 random carriers at p ≤ 0.05, by each method', () => {
    const results = Array.from({ length: 2000 }, (_, seed) => whiteBoxTests(simulatedEvidence({ seed, images: 1 })));
    for (const method of [0, 1, 2]) {
      const found = results.filter((tests) => (tests[method]?.log10P ?? NaN) <= Math.log10(0.05)).length;
      expect(found).toBeGreaterThan(61); // 100 expected, 4 standard deviations of √(2000 · 0.05 · 0.95) = 9.7 either way
      expect(found).toBeLessThan(139);
    }
  });
});
