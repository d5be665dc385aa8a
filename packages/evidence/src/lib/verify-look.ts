import type { MarkingKey } from '@radiotracer/carriers';
import {
  countDraws,
  type DecidingTest,
  drawsUntilSure,
  expectedViews,
  type Evidence,
  firstDraws,
  judgeEvidence,
  markedDirection,
  markedImages,
  neededLog10E,
  parseEvidence,
  recordedCosines,
  type Verdict,
} from '@radiotracer/detector/judge';
import { type Bundle, lookFile } from './bundle.ts';
import { type Commitment, plannedTest } from './commitment.ts';
import { firstDifference } from './difference.ts';
import { doesNotHold } from './errors.ts';
import { parseJson } from './parse-json.ts';
import type { Manifest } from './parse-manifest.ts';

/** What one look is checked against. */
export interface Committed {
  readonly commitment: Commitment;
  readonly key: MarkingKey;
  readonly manifest: Manifest;
}

/**
 * Checks the n-th look of a bundle: its classes, images, labels, groups and draws against the manifest; where it is about the first
 * draws only, that these are so many as the rule of the plan says; its cosines against carriers that are derived again; its
 * verdict against one that is computed again from the recorded losses.
 *
 * @throws VerificationError naming file and field, what was found and what was computed
 */
export function verifyLook({ files }: Bundle, number: number, committed: Committed): [Evidence, Verdict] {
  const [evidenceFile, verdictFile] = [lookFile(number, 'evidence'), lookFile(number, 'verdict')];
  const read = (path: string): unknown => parseJson(files.get(path) as Buffer, path, 'a look');
  const evidence = evidenceIn(read(evidenceFile), evidenceFile);
  const test = plannedTest(committed.commitment);
  requireSame(evidenceFile, manifestSide(evidence), expectedSide(committed, evidence, test));
  requireStop(evidenceFile, evidence, committed.commitment.plan);
  requireSame(evidenceFile, { whiteBox: cosinesOf(evidence) }, { whiteBox: cosinesAgain(evidence, committed) });

  const found = read(verdictFile) as Verdict;
  const log10Level = Math.log10(committed.commitment.plan.level);
  const judged = judgeEvidence(evidence, { name: String(found?.name), log10Level, test });
  requireSame(verdictFile, found, JSON.parse(JSON.stringify(judged)));
  return [evidence, judged];
}

function evidenceIn(value: unknown, file: string): Evidence {
  try {
    return parseEvidence(value);
  } catch (cause) {
    throw doesNotHold(file, `is no evidence: ${(cause as Error).message}`, { cause });
  }
}

function requireSame(file: string, found: unknown, expected: unknown): void {
  const difference = firstDifference(found, expected, '');
  if (!difference) return;
  const [its, ours] = [difference.found, difference.expected].map((value) => JSON.stringify(value));
  throw doesNotHold(file, `${difference.path.slice(1)} is ${its}; from key, manifest and losses follows ${ours}`);
}

/** What of evidence follows from manifest, key and the definition of the score. */
function manifestSide({ commitment, classNames, views = 1, totalDraws, marked }: Evidence): object {
  const { label, group, published, suspectLoss } = marked;
  const versions = suspectLoss[0]?.length;
  return { commitment, classNames, views, versions, totalDraws, marked: { label, group, published } };
}

/** The images of all draws; of the first ones only where the plan allows that, and the evidence says so. */
function expectedSide(
  { commitment: { commitment }, manifest }: Committed,
  evidence: Evidence,
  test: DecidingTest,
): object {
  const { marked, totalDraws } = evidence;
  const all = markedImages(manifest);
  const ofAll = countDraws(all);
  const draws = test === 'anytime' && totalDraws !== undefined ? countDraws(marked) : ofAll;
  return {
    commitment,
    classNames: manifest.classNames,
    views: expectedViews(evidence),
    versions: manifest.versions,
    totalDraws: draws < ofAll ? ofAll : undefined,
    marked: firstDraws(all, draws),
  };
}

/** Whether the asking stopped where it had to. Draws that were picked, or stopped at for another reason, are another test. */
function requireStop(file: string, evidence: Evidence, { level, looks }: Commitment['plan']): void {
  if (evidence.totalDraws === undefined) return;
  const rule = { log10Level: Math.log10(level), looks };
  const draws = countDraws(evidence.marked);
  const enough = drawsUntilSure(evidence, rule);
  if (enough === draws) return;
  const why =
    enough === undefined
      ? `E stays below looks / level = 10^${neededLog10E(rule).toFixed(2)}, so the asking had to go on`
      : `the first ${enough} were enough`;
  throw doesNotHold(
    file,
    `marked.group has ${draws} of ${evidence.totalDraws} draws; from their losses follows that ${why}`,
  );
}

/** Undefined where the suspect's weights were not seen. */
function cosinesOf({ whiteBox }: Evidence): object | undefined {
  return whiteBox && { cosine: whiteBox.cosine, excessCosine: whiteBox.excessCosine };
}

/** From the recorded weights; the recorded cosines where there are no weights: then the white-box tests stay unchecked. */
function cosinesAgain({ whiteBox, classNames }: Evidence, { key, manifest }: Committed): object | undefined {
  if (!whiteBox) return undefined;
  const { cosine, excessCosine, dimension } = whiteBox;
  const directions = classNames.map((_, label) => markedDirection(key, manifest, label, dimension));
  return recordedCosines(whiteBox)?.(directions) ?? { cosine, excessCosine };
}
