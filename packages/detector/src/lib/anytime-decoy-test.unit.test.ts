import { describe, expect, it } from '@jest/globals';
import { simulatedEvidence } from '../../test/simulated-evidence.ts';
import { anytimeDecoyTest } from './anytime-decoy-test.ts';
import { exactDecoyTest } from './exact-decoy-test.ts';
import type { Evidence } from './types.ts';

/** What was known when the first n images had answered. */
function first(n: number, { marked }: Evidence): Pick<Evidence, 'marked'> {
  const cut = <T>(values: readonly T[]): readonly T[] => values.slice(0, n);
  const { label, group, published, suspectLoss, referenceLoss } = marked;
  return {
    marked: {
      label: cut(label),
      group: cut(group),
      published: cut(published),
      suspectLoss: cut(suspectLoss),
      referenceLoss: cut(referenceLoss),
    },
  };
}

describe('anytimeDecoyTest', () => {
  it('finds a suspect before all images have answered, and takes nothing back afterwards', () => {
    const evidence = simulatedEvidence({ seed: 1, images: 200, effect: 0.5 });
    const log10Ps = [50, 100, 150, 200].map((n) => anytimeDecoyTest(first(n, evidence)).log10P);
    expect(log10Ps).toEqual([...log10Ps].sort((a, b) => b - a));
    expect(log10Ps[1]).toBeLessThan(-4);
    expect(log10Ps[3]).toBeGreaterThan(exactDecoyTest(evidence).result.log10P);
  });

  it('is below 0.05 at some moment in no more than one of twenty models that never saw the marks', () => {
    const runs = 400;
    const found = Array.from({ length: runs }, (_, seed) =>
      anytimeDecoyTest(simulatedEvidence({ seed, images: 40, versions: 5 })),
    ).filter(({ log10P }) => log10P <= Math.log10(0.05)).length;
    expect(found).toBeLessThanOrEqual(42); // five standard deviations above the 20 that Ville allows
    expect(found).toBeGreaterThan(0);
  });

  it('is not moved by what later images would have changed in the fit', () => {
    const evidence = simulatedEvidence({ seed: 2, images: 60, effect: 0.5 });
    const { marked } = evidence;
    const spoilt = marked.suspectLoss.map((losses, i) => (i < 59 ? losses : losses.map((loss, v) => loss + 1e3 * v)));
    const before = anytimeDecoyTest(first(59, evidence));
    const after = anytimeDecoyTest({ marked: { ...marked, suspectLoss: spoilt } });
    expect(before.log10P).toBeLessThan(-2);
    expect(after.log10P).toBeCloseTo(before.log10P, 9); // an outlier is one draw like any other, and lost or won by a trifle
  });

  it('bets once for images that share a draw', () => {
    const { sampleSize, log10P } = anytimeDecoyTest(simulatedEvidence({ seed: 3, effect: 2, sharedDraw: true }));
    expect(sampleSize).toEqual({ images: 50, draws: 5, versions: 10 });
    expect(log10P).toBeLessThan(0);
    expect(log10P).toBeGreaterThanOrEqual(-5); // no more than 10 to 1 can be won on a draw
  });
});
