import { decoyTest } from '@radiotracer/stats';
import { decoyScores, referenceLossWeight } from './decoy-score.ts';
import type { Evidence, TestResult, Verdict } from './types.ts';

/** Names of the tests. */
export const correctedTest = 'exact decoy test on reference-corrected losses';
export const rawTest = 'exact decoy test on raw losses';

const assumptions = [
  'Which version of an image was published was drawn uniformly with the secret key, after all its versions had been made by the same procedure.',
  'Of all versions, the suspect and whatever it learned from saw at most the published ones: the decoys stayed secret.',
  'Nothing is assumed of the suspect, of its training or of its losses; the p-value is exact at any sample size.',
];
const referenceAssumption = 'The reference network owes nothing to the draw.';

/**
 * Exact test of whether the suspect tells published versions from their decoys. If it never saw the published ones,
 * all V^draws choices of versions are equally likely given the scores, and the p-value is the share of them whose sum
 * of scores is at least that of what was published.
 *
 * @param weight - of the reference network's loss, see `decoyScores`
 */
export function exactDecoyTest(
  evidence: Pick<Evidence, 'marked' | 'views'>,
  weight = referenceLossWeight(evidence),
): { result: TestResult; nullDistribution: Verdict['nullDistribution'] } {
  const { scores, published } = decoyScores(evidence, weight);
  const { log10P, z, nullDistribution, observed } = decoyTest({ scores, published });
  return {
    result: {
      test: correctedTest,
      log10P,
      statistic: { name: 'z of the sum of scores of the published versions', value: z },
      sampleSize: {
        images: evidence.marked.label.length,
        draws: scores.length,
        versions: scores[0]?.length ?? 0,
        ...(evidence.views !== undefined && { views: evidence.views }),
      },
      assumptions: [...assumptions, referenceAssumption],
    },
    nullDistribution: { ...nullDistribution, observed },
  };
}

/** The same on raw losses: the reference network has no part in it. */
export function rawDecoyTest(evidence: Pick<Evidence, 'marked' | 'views'>): TestResult {
  return { ...exactDecoyTest(evidence, 0).result, test: rawTest, assumptions };
}
