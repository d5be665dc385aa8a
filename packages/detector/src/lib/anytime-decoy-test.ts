import { decoyEValues } from '@radiotracer/stats';
import { decoyScore, drawsOf, ReferenceSlope } from './decoy-score.ts';
import { countDraws } from './marked-images.ts';
import { reachesLevel } from './reaches-level.ts';
import type { Evidence, TestResult } from './types.ts';

export const anytimeTest = 'anytime-valid decoy test on reference-corrected losses';

/**
 * The test for suspects that are asked draw by draw, and no longer than needed: it bets on the published version of one
 * draw after another (`decoyEValues`), and holds at whatever draw one stops, for whatever reason. What is taken off the
 * losses of a draw is fitted on the draws up to it. Draws come in the order of the evidence, which owes nothing to
 * which version was published.
 *
 * @returns p = 1 / the largest e-value so far; conservative, unlike that of the exact test
 * @throws InvalidEvidenceError if images of one group have different published versions
 */
export function anytimeDecoyTest(evidence: Pick<Evidence, 'marked' | 'totalDraws' | 'views'>): TestResult {
  const { marked, totalDraws, views } = evidence;
  const largest = log10EValues(evidence).reduce((most, value) => Math.max(most, value), 0);
  return {
    test: anytimeTest,
    log10P: 0 - largest,
    statistic: { name: 'log10 of the largest e-value', value: largest },
    sampleSize: {
      images: marked.label.length,
      draws: countDraws(marked),
      ...(totalDraws !== undefined && { 'draws in all': totalDraws }),
      versions: marked.suspectLoss[0]?.length ?? 0,
      ...(views !== undefined && { views }),
    },
    assumptions: [
      'As of the exact decoy test; and it may be stopped at any draw, for any reason.',
      'The order of the draws owes nothing to which versions were published.',
    ],
  };
}

/** When a suspect has been asked enough. */
export interface StoppingRule {
  /** log10 of the level that all looks together must keep, fixed before looking. */
  readonly log10Level: number;
  /** How many looks are planned: each may use an even share of the level, which is enough for Holm's method. */
  readonly looks: number;
}

/** @returns log10 of the e-value at which a suspect is asked no more: looks / level */
export function neededLog10E({ log10Level, looks }: StoppingRule): number {
  return Math.log10(looks) - log10Level;
}

/**
 * How many of the draws would have been enough: the first after which E ≥ looks / level.
 *
 * @returns undefined if all of them are not
 * @throws InvalidEvidenceError if images of one group have different published versions
 */
export function drawsUntilSure(evidence: Pick<Evidence, 'marked'>, rule: StoppingRule): number | undefined {
  const shareOfLevel = -neededLog10E(rule);
  const at = log10EValues(evidence).findIndex((value) => reachesLevel(-value, shareOfLevel));
  return at < 0 ? undefined : at + 1;
}

/** log10 E after each draw. */
function log10EValues(evidence: Pick<Evidence, 'marked'>): number[] {
  const { marked } = evidence;
  const slope = new ReferenceSlope();
  const draws = drawsOf(evidence);
  const scores = draws.map(({ images }) => {
    images.forEach((i) => slope.add(marked.suspectLoss[i] ?? [], marked.referenceLoss[i] ?? []));
    return decoyScore(evidence, images, slope.weight);
  });
  return decoyEValues({ scores, published: draws.map(({ published }) => published) });
}
