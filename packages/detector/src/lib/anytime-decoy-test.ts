import { decoyEValues } from '@radiotracer/stats';
import { decoyScore, drawsOf, ReferenceSlope } from './decoy-score.ts';
import type { Evidence, TestResult } from './types.ts';

export const anytimeTest = 'anytime-valid decoy test on reference-corrected losses';

/**
 * The test for suspects that are asked image by image, and no more than needed: it bets on the published version of one
 * draw after another (`decoyEValues`), and holds at whatever draw one stops, for whatever reason. What is taken off the
 * losses of a draw is fitted on the draws up to it. Draws come in the order of the evidence, which owes nothing to
 * which version was published.
 *
 * @returns p = 1 / the largest e-value so far; conservative, unlike that of the exact test
 * @throws InvalidEvidenceError if images of one group have different published versions
 */
export function anytimeDecoyTest(evidence: Pick<Evidence, 'marked'>): TestResult {
  const { marked } = evidence;
  const slope = new ReferenceSlope();
  const draws = drawsOf(evidence);
  const scores = draws.map(({ images }) => {
    images.forEach((i) => slope.add(marked.suspectLoss[i] ?? [], marked.referenceLoss[i] ?? []));
    return decoyScore(evidence, images, slope.weight);
  });
  const published = draws.map((draw) => draw.published);
  const largest = decoyEValues({ scores, published }).reduce((most, value) => Math.max(most, value), 0);
  return {
    test: anytimeTest,
    log10P: 0 - largest,
    statistic: { name: 'log10 of the largest e-value', value: largest },
    sampleSize: { images: marked.label.length, draws: draws.length, versions: scores[0]?.length ?? 0 },
    assumptions: [
      'As of the exact decoy test; and it may be stopped at any draw, for any reason.',
      'The order of the draws owes nothing to which versions were published.',
    ],
  };
}
