import { describe, expect, it } from '@jest/globals';
import { simulatedEvidence } from '../../test/simulated-evidence.ts';
import { calibrateTests } from './calibration.ts';
import { judgeEvidence } from './judge.ts';
import { lossComparison } from './loss-comparison.ts';

const redraws = 300;
/** A model that never saw the marks, and one that did. */
const models = [0, 0.5].map((effect, i) => ({
  name: effect === 0 ? 'control' : 'suspect',
  evidence: simulatedEvidence({ seed: 7 + i, effect, images: 20 }),
}));
const { tests } = calibrateTests(models, redraws);
const valid = tests.slice(0, 5);

describe('calibrateTests', () => {
  it('finds the exact and the white-box tests uniform, over a clean model and one that was trained on the marks', () => {
    expect(valid.map(({ test }) => test.split(' ').slice(0, 2).join(' '))).toEqual([
      'exact decoy',
      'exact decoy',
      'white-box cosine',
      'white-box cosine',
      'white-box cosine',
    ]);
    for (const { test, draws, isUniform, falsePositives } of valid) {
      expect([test, draws, isUniform]).toEqual([test, 2 * redraws, true]);
      expect(falsePositives.map(({ level }) => level)).toEqual([0.05, 0.01, 0.001]);
      for (const { level, low, high } of falsePositives) {
        expect(low).toBeLessThan(level);
        expect(high).toBeGreaterThan(level);
      }
    }
  });

  it('finds that the loss comparison is no valid test: where hard images were marked, every p is near 1', () => {
    const { marked, ...rest } = simulatedEvidence({ seed: 7 });
    const suspectLoss = marked.suspectLoss.map((losses) => losses.map((loss) => loss + 1));
    const evidence = { ...rest, marked: { ...marked, suspectLoss } };
    const comparison = calibrateTests([{ name: 'control', evidence }], redraws).tests[5];
    expect(comparison?.test).toMatch(/^withdrawn: loss on marked/);
    expect(comparison?.isUniform).toBe(false);
  });

  it('gives the p-values of the publication as it was drawn beside them', () => {
    for (const [i, { name, evidence }] of models.entries()) {
      const { decisive, others } = judgeEvidence(evidence, { name, log10Level: -4, test: 'exact' });
      expect(valid.map((test) => test.models[i]?.asDrawnLog10P)).toEqual(
        [decisive, ...others.slice(0, -1)].map(({ log10P }) => log10P), // e-values are not to be uniform
      );
      expect(tests[5]?.models[i]?.asDrawnLog10P).toBe(lossComparison(evidence)?.log10P);
    }
  });

  it('gives quantiles from the smallest p-value to the largest, in bands that hold what is expected', () => {
    for (const { quantiles } of tests) {
      const sorted = quantiles.map(({ log10P }) => log10P);
      expect(sorted).toEqual(sorted.toSorted((a, b) => a - b));
      for (const { expectedLog10P, lowLog10P, highLog10P } of quantiles) {
        expect(lowLog10P).toBeLessThan(expectedLog10P);
        expect(highLog10P).toBeGreaterThan(expectedLog10P);
      }
    }
    expect(10 ** (tests[0]?.quantiles[0]?.expectedLog10P ?? NaN)).toBeCloseTo(0.5 / (2 * redraws), 12);
  });

  it('draws the same each time, and something else for each model', () => {
    const same = models.slice(0, 1).map(({ evidence }) => ({ name: 'twin', evidence }));
    const once = calibrateTests([...models.slice(0, 1), ...same], 50);
    expect(calibrateTests([...models.slice(0, 1), ...same], 50)).toEqual(once);
    const [first, second] = once.tests[0]?.models ?? [];
    expect(first?.uniformityLog10P).not.toBe(second?.uniformityLog10P);
  });

  it('draws images that share a draw together', () => {
    const shared = simulatedEvidence({ seed: 3, images: 40, versions: 50, sharedDraw: true });
    expect(calibrateTests([{ name: 'control', evidence: shared }], redraws).tests[0]?.isUniform).toBe(true);
  });

  it('leaves out the white-box tests where weights were not recorded, or have no direction', () => {
    const { whiteBox, ...rest } = simulatedEvidence({ seed: 1, images: 10 });
    const { alignedWeights: _alignedWeights, ...without } = whiteBox;
    const flat = { ...whiteBox, cosine: whiteBox.cosine.map(() => null) };
    for (const evidence of [
      { ...rest, whiteBox: without },
      { ...rest, whiteBox: flat },
    ]) {
      const tests = calibrateTests([{ name: 'control', evidence }], 20).tests.map(({ test }) => test);
      expect(tests).toHaveLength(3);
      expect(tests.join()).not.toContain('white-box');
    }
  });
});
