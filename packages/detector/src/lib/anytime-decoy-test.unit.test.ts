import { describe, expect, it } from '@jest/globals';
import { decoyNull } from '@radiotracer/stats';
import { mulberry32, simulatedEvidence } from '../../test/simulated-evidence.ts';
import { anytimeDecoyTest, drawsUntilSure } from './anytime-decoy-test.ts';
import { decoyScores } from './decoy-score.ts';
import { exactDecoyTest } from './exact-decoy-test.ts';
import { firstDraws } from './marked-images.ts';
import type { Evidence } from './types.ts';

/** What was known when the first n images had answered. */
const first = (n: number, { marked }: Evidence): Pick<Evidence, 'marked'> => ({ marked: firstDraws(marked, n) });

describe('anytimeDecoyTest', () => {
  it('finds a suspect before all images have answered, and takes nothing back afterwards', () => {
    const evidence = simulatedEvidence({ seed: 1, images: 200, effect: 0.5 });
    const log10Ps = [50, 100, 150, 200].map((n) => anytimeDecoyTest(first(n, evidence)).log10P);
    expect(log10Ps).toEqual([...log10Ps].sort((a, b) => b - a));
    expect(log10Ps[1]).toBeLessThan(-4);
    expect(log10Ps[3]).toBeGreaterThan(exactDecoyTest(evidence).result.log10P);
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

describe('drawsUntilSure', () => {
  const level = 0.05;
  const rule = { log10Level: Math.log10(level), looks: 1 };
  const clean = (seed: number): Evidence => simulatedEvidence({ seed, images: 40, versions: 5 });

  it('is the first draw at which the verdict would be sure, whatever comes later', () => {
    const evidence = simulatedEvidence({ seed: 1, images: 200, effect: 0.5 });
    const enough = drawsUntilSure(evidence, rule) as number;
    expect(enough).toBeLessThan(100);
    expect(drawsUntilSure(first(enough, evidence), rule)).toBe(enough);
    expect(drawsUntilSure(first(enough - 1, evidence), rule)).toBeUndefined();
    expect(anytimeDecoyTest(first(enough, evidence)).log10P).toBeLessThanOrEqual(rule.log10Level);
    expect(anytimeDecoyTest(first(enough - 1, evidence)).log10P).toBeGreaterThan(rule.log10Level);
    expect(drawsUntilSure(evidence, { ...rule, looks: 20 })).toBeGreaterThan(enough);
  });

  it('stops no more of the models that never saw the marks than the level says', () => {
    const runs = 2000;
    const stopped = Array.from({ length: runs }, (_, seed) => drawsUntilSure(clean(seed), rule)).filter(
      (draws) => draws !== undefined,
    ).length;
    expect(stopped).toBeLessThanOrEqual(130); // a count of Binomial(2000, 0.05) is larger once in a thousand times
    expect(stopped).toBeGreaterThan(0);
  });

  it('does what the exact test, looked at again and again, does not', () => {
    const evidence = clean(1);
    const peeks = [8, 12, 18, 26, 40].map((n) => ({ n, log10P: decoyNull(decoyScores(first(n, evidence)).scores) }));
    const random = mulberry32(2);
    const runs = 400;
    const stopped = { exact: 0, anytime: 0 };
    for (let run = 0; run < runs; run++) {
      const published = evidence.marked.published.map(() => Math.floor(5 * random())); // by a draw that nobody knows
      if (peeks.some(({ n, log10P }) => log10P(published.slice(0, n)) <= rule.log10Level)) stopped.exact++;
      if (drawsUntilSure({ marked: { ...evidence.marked, published } }, rule) !== undefined) stopped.anytime++;
    }
    const most = 34; // once in a thousand times a count of Binomial(400, 0.05) is larger
    expect(stopped.exact).toBeGreaterThan(most);
    expect(stopped.anytime).toBeLessThanOrEqual(most);
  });
});
