import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { simulatedEvidence, type Simulation } from '../../test/simulated-evidence.ts';
import { drawsUntilSure } from './anytime-decoy-test.ts';
import { calibrateTests } from './calibration.ts';
import { classResults } from './class-results.ts';
import { decidingTests } from './deciding-tests.ts';
import { exactDecoyTest, rawDecoyTest } from './exact-decoy-test.ts';
import { judgeEvidence } from './judge.ts';
import { firstDraws } from './marked-images.ts';
import { redrawTests } from './redraw.ts';
import type { Evidence, Verdict } from './types.ts';

const judged = (evidence: Evidence): Verdict =>
  judgeEvidence(evidence, { name: 'suspect', log10Level: -4, test: 'exact' });
const log10P = (evidence: Evidence): number => exactDecoyTest(evidence).result.log10P;
/** Small, because the exact test is run many times. */
const small = { images: 12, versions: 5 };
const simulations = (count: number, simulation: Omit<Simulation, 'seed'>): Evidence[] =>
  Array.from({ length: count }, (_, seed) => simulatedEvidence({ seed, ...small, ...simulation }));

/** The same evidence under another change of its marked images. */
function withMarked(evidence: Evidence, change: (marked: Evidence['marked']) => Partial<Evidence['marked']>): Evidence {
  return { ...evidence, marked: { ...evidence.marked, ...change(evidence.marked) } };
}
/** What somebody sees who has another key: losses with effect, the published versions of another draw. */
const underAnotherKey = (evidence: Evidence, seed: number): Evidence =>
  withMarked(evidence, () => ({ published: simulatedEvidence({ seed: seed + 1e6, ...small }).marked.published }));

describe('judgeEvidence', () => {
  it('finds a model that learned from the published versions', () => {
    const verdict = judged(simulatedEvidence({ seed: 1, effect: 0.5 }));
    expect(verdict.detected).toBe(true);
    expect(verdict.decisive.log10P).toBeLessThan(-4);
    expect(verdict.sentence).toBe(
      `The suspect was trained on the published images: p = 10^${verdict.decisive.log10P.toFixed(1)} ` +
        '(exact decoy test, 50 marked images × 10 versions).',
    );
    expect(verdict.decisive.sampleSize).toEqual({ images: 50, draws: 50, versions: 10 });
    const { from, to, probability, observed } = verdict.nullDistribution as NonNullable<Verdict['nullDistribution']>;
    expect(probability.reduce((a, b) => a + b)).toBeCloseTo(1, 7); // 1e-9 at either end is not plotted
    expect(observed).toBeGreaterThan((from + to) / 2);
  });

  it('finds nothing in one that did not, and says so', () => {
    const verdict = judged(simulatedEvidence({ seed: 2 }));
    expect(verdict.detected).toBe(false);
    expect(verdict.sentence).toMatch(
      /^No evidence that the suspect was trained on the published images: p = 0\.\d+ \(exact/,
    );
  });

  it('finds it where the images of a class share a draw, and counts the draws', () => {
    const verdict = judged(simulatedEvidence({ seed: 3, effect: 2, sharedDraw: true }));
    expect(verdict.detected).toBe(true);
    expect(verdict.sentence).toContain('50 marked images in 5 groups that share a draw × 10 versions');
  });

  it('finds more by the reference-corrected losses than by the raw ones', () => {
    const evidences = simulations(40, { effect: 0.7 });
    const better = evidences.filter((evidence) => log10P(evidence) < rawDecoyTest(evidence).log10P);
    expect(better.length).toBeGreaterThanOrEqual(30); // a fair coin gives 30 of 40 with p = 0.001
  });

  it('detects at the level, and only there', () => {
    const evidence = simulatedEvidence({ seed: 4, effect: 0.3 });
    const { log10P } = judged(evidence).decisive;
    expect(judgeEvidence(evidence, { name: 'suspect', log10Level: log10P, test: 'exact' }).detected).toBe(true);
    expect(judgeEvidence(evidence, { name: 'suspect', log10Level: log10P - 1e-9, test: 'exact' }).detected).toBe(false);
  });

  it('says so where not even the best of all draws would be found at the level', () => {
    const evidence = simulatedEvidence({ seed: 3, effect: 100, sharedDraw: true }); // 5 draws of 10 versions
    const at = (log10Level: number): Verdict => judgeEvidence(evidence, { name: 'suspect', log10Level, test: 'exact' });
    const { detected, sentence, decisive } = at(-5.5);
    expect(decisive.log10P).toBeCloseTo(-5, 12);
    expect(detected).toBe(false);
    expect(sentence).toContain('No evidence that the suspect was trained on the published images: p = 10^-5.0 (exact');
    expect(sentence).toMatch(
      /versions\)\. No model could have been detected at the level 10\^-5\.5: 5 draws of 10 versions allow no p-value below 10\^-5\.0\.$/,
    );
    // At the level that the best draw just reaches, it is found, in spite of rounding.
    expect(at(-5).detected).toBe(true);
    expect(at(-5).sentence).not.toContain('No model');
    expect(
      judgeEvidence(simulatedEvidence({ seed: 3, sharedDraw: true }), { name: 'x', log10Level: -5, test: 'exact' })
        .sentence,
    ).toMatch(/^No evidence.*versions\)\.$/);
  });

  it('shows raw losses and all white-box combinations and e-values beside the decisive test', () => {
    const { others, voidIf } = judged(simulatedEvidence({ seed: 5 }));
    expect(others.map(({ test }) => test)).toEqual([
      'exact decoy test on raw losses',
      "white-box cosine test, classes combined by Fisher's method",
      "white-box cosine test, classes combined by Stouffer's method",
      "white-box cosine test beyond a clean network's, classes combined by Stouffer's method",
      'anytime-valid decoy test on reference-corrected losses',
    ]);
    expect(voidIf.length).toBeGreaterThan(3);
  });
});

describe('the decisive p-value', () => {
  // Count of N simulations with p ≤ level is binomial; bounds are 4 standard deviations.
  it.each<[string, () => Evidence[]]>([
    ['a model that never saw the images', () => simulations(300, {})],
    ['one that did, judged with another key', () => simulations(300, { effect: 1 }).map(underAnotherKey)],
    ['draws shared by the images of a class', () => simulations(300, { sharedDraw: true })],
  ])('is uniform for %s', (_, evidences) => {
    const ps = evidences().map(log10P);
    for (const level of [0.05, 0.25, 0.5, 0.75]) {
      const count = ps.filter((p) => p <= Math.log10(level)).length;
      expect(Math.abs(count - 300 * level)).toBeLessThan(4 * Math.sqrt(300 * level * (1 - level)));
    }
  });

  it('depends neither on the order of images and versions, nor on the level and scale of losses', () => {
    const arbitrary = fc.record({
      seed: fc.nat(1000),
      turn: fc.nat(11),
      shift: fc.nat(4),
      scale: fc.double({ min: 0.1, max: 10, noNaN: true }),
    });
    fc.assert(
      fc.property(arbitrary, ({ seed, turn, shift, scale }) => {
        const evidence = simulatedEvidence({ seed, effect: 0.3, ...small });
        const rotate = <T>(values: readonly T[], by: number): T[] => [...values.slice(by), ...values.slice(0, by)];
        const losses = (all: readonly (readonly number[])[], level: number): number[][] =>
          rotate(all, turn).map((image, i) => rotate(image, shift).map((loss) => scale * loss + level * i));
        const changed = withMarked(evidence, ({ label, group, published, suspectLoss, referenceLoss }) => ({
          label: rotate(label, turn),
          group: rotate(group, turn).map((draw) => 1000 - draw),
          published: rotate(published, turn).map((version) => (version + 5 - shift) % 5),
          suspectLoss: losses(suspectLoss, 1),
          referenceLoss: losses(referenceLoss, -2),
        }));
        expect(log10P(changed)).toBeCloseTo(log10P(evidence), invarianceDigits);
      }),
      { numRuns: 20 },
    );
  });
});

describe('judgeEvidence by the anytime-valid test', () => {
  const anytime = (evidence: Evidence): Verdict =>
    judgeEvidence(evidence, { name: 'suspect', log10Level: -4, test: 'anytime' });
  const whole = simulatedEvidence({ seed: 1, images: 200, effect: 0.5 });
  const { whiteBox: _, ...answered } = {
    ...whole,
    suspect: { key: '0'.repeat(64), answers: 'logits', answersSha256: '1'.repeat(64) } as const,
    unmarked: { label: [], suspectLoss: [] },
  };

  it('shows the exact tests beside it where all draws were asked about', () => {
    const { detected, decisive, others, sentence, nullDistribution } = anytime(whole);
    expect([detected, decisive.test]).toEqual([true, decidingTests.anytime]);
    expect(sentence).toMatch(/p = 10\^-\d+\.\d \(anytime-valid decoy test, 200 marked images × 10 versions\)\.$/);
    expect(nullDistribution).toBeUndefined();
    const byExact = judged(whole);
    expect(others[0]).toEqual(byExact.decisive);
    expect(byExact.others.at(-1)).toEqual(decisive);
    expect(byExact.decisive.log10P).toBeLessThan(decisive.log10P);
  });

  it('alone is shown where the asking was stopped, and says of how many draws it knows', () => {
    const draws = drawsUntilSure(answered, { log10Level: -4, looks: 1 }) as number;
    const evidence = { ...answered, marked: firstDraws(answered.marked, draws), totalDraws: 200 };
    const { detected, decisive, others, sentence } = anytime(evidence);
    expect(detected).toBe(true);
    expect(decisive.sampleSize).toEqual({ images: draws, draws, 'draws in all': 200, versions: 10 });
    expect(others).toEqual([]);
    expect(sentence).toContain(`(anytime-valid decoy test, ${draws} marked images × 10 versions). `);
    expect(sentence).toContain(
      `It was asked about the first ${draws} of 200 draws, which were enough. It was judged by`,
    );
    expect(classResults(evidence).map(({ decoyLog10P }) => decoyLog10P)).toEqual(Array(5).fill(null));
    expect(redrawTests(evidence, 2, 'x')).toEqual([]);
    expect(() => judged(evidence)).toThrow(`totalDraws is 200, and marked has ${draws} draws; the exact decoy test`);
  });
});

/** The test rounds scores to a grid, against which shifts and scales move them. */
const invarianceDigits = 2;

describe('a suspect that answered labels alone', () => {
  /** Right (0) or not (log 2): what is left of losses when only the most probable class is told. */
  const withLabels = (evidence: Evidence): Evidence => ({
    ...withMarked(evidence, (marked) => ({
      suspectLoss: marked.suspectLoss.map((losses) => losses.map((loss) => (loss > 3 ? Math.LN2 : 0))),
    })),
    suspect: { key: '0'.repeat(64), answers: 'labels', answersSha256: '1'.repeat(64) },
    unmarked: { label: [], suspectLoss: [] },
    whiteBox: undefined,
  });

  it('is judged exactly, with all the ties that labels bring: against all choices of versions', () => {
    const evidence = withLabels(simulatedEvidence({ seed: 5, images: 6, versions: 3, effect: 0.5 }));
    const { suspectLoss, published } = evidence.marked;
    const sums = suspectLoss.reduce<number[]>((all, losses) => all.flatMap((sum) => losses.map((l) => sum - l)), [0]);
    const observed = suspectLoss.reduce((sum, losses, i) => sum - (losses[published[i] as number] as number), 0);
    const share = sums.filter((sum) => sum >= observed - 1e-9).length / sums.length;
    expect(new Set(sums.map((sum) => sum.toFixed(6))).size).toBeLessThan(sums.length / 20);
    expect(rawDecoyTest(evidence).log10P).toBeCloseTo(Math.log10(share), 9);
  });

  it('is found, with less power than by its losses, and the verdict says what was seen', () => {
    const byLosses = simulatedEvidence({ seed: 1, images: 200, effect: 0.5 });
    const verdict = judged(withLabels(byLosses));
    expect(verdict.detected).toBe(true);
    expect(verdict.decisive.log10P).toBeGreaterThan(judged(byLosses).decisive.log10P);
    expect(verdict.sentence).toMatch(
      /It was judged by the labels that it answered, which tell less than losses: .*; there is no white-box test/,
    );
    expect(verdict.others.map(({ test }) => test)).toEqual([
      'exact decoy test on raw losses',
      'anytime-valid decoy test on reference-corrected losses',
    ]);
  });

  it('that is always right tells nothing, and is judged so, by either test that may decide', () => {
    const evidence = withMarked(withLabels(simulatedEvidence({ seed: 1 })), ({ suspectLoss }) => ({
      suspectLoss: suspectLoss.map((losses) => losses.map(() => 0)),
    }));
    for (const test of ['exact', 'anytime'] as const) {
      const verdict = judgeEvidence(evidence, { name: 'suspect', log10Level: -4, test });
      expect(verdict).toMatchObject({ detected: false, decisive: { test: decidingTests[test], log10P: 0 } });
      expect(verdict.others).toHaveLength(2);
    }
    expect(calibrateTests([{ name: 'suspect', evidence }], 5).tests[0]?.models[0]?.asDrawnLog10P).toBe(0);
  });

  it('that never saw the marks is detected as seldom as the level says', () => {
    const log10Ps = simulations(200, {}).map((evidence) => log10P(withLabels(evidence)));
    const atLevel = (level: number): number => log10Ps.filter((each) => each <= Math.log10(level)).length;
    // Bounds that a binomial count of 200 exceeds once in a thousand times.
    expect(atLevel(0.05)).toBeLessThanOrEqual(21);
    expect(atLevel(0.2)).toBeLessThanOrEqual(58);
  });
});
