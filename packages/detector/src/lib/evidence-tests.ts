import { anytimeDecoyTest } from './anytime-decoy-test.ts';
import { exactDecoyTest, rawDecoyTest } from './exact-decoy-test.ts';
import type { Evidence, TestResult, Verdict } from './types.ts';
import { whiteBoxTests } from './white-box-test.ts';

/**
 * All tests that the evidence allows. Where the suspect was asked about the first draws only, the exact ones are not among
 * them: what made the asking stop was that these draws look as they do, so their p-values would not hold.
 *
 * @throws InvalidEvidenceError if images that share a draw have different published versions
 */
export function evidenceTests(evidence: Evidence): {
  readonly results: readonly TestResult[];
  /** Of the exact test on corrected losses. */
  readonly nullDistribution?: Verdict['nullDistribution'];
} {
  const others = [...whiteBoxTests(evidence), anytimeDecoyTest(evidence)];
  if (evidence.totalDraws !== undefined) return { results: others };
  const { result, nullDistribution } = exactDecoyTest(evidence);
  return { results: [result, rawDecoyTest(evidence), ...others], nullDistribution };
}
