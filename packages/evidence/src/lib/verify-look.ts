import { carrierGroup, type MarkingKey } from '@radiotracer/carriers';
import {
  type Evidence,
  judgeEvidence,
  markedDirection,
  parseEvidence,
  recordedCosines,
  type Verdict,
} from '@radiotracer/detector/judge';
import { type Bundle, lookFile } from './bundle.ts';
import type { Commitment } from './commitment.ts';
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
 * Checks the n-th look of a bundle: its images, labels, groups and draws against the manifest, its cosines against
 * carriers that are derived again, its verdict against one that is computed again from the recorded losses.
 *
 * @throws VerificationError naming file and field, what was found and what was computed
 */
export function verifyLook({ files }: Bundle, number: number, committed: Committed): [Evidence, Verdict] {
  const [evidenceFile, verdictFile] = [lookFile(number, 'evidence'), lookFile(number, 'verdict')];
  const read = (path: string): unknown => parseJson(files.get(path) as Buffer, path);
  const evidence = evidenceIn(read(evidenceFile), evidenceFile);
  requireSame(evidenceFile, manifestSide(evidence), expectedSide(committed));
  requireSame(evidenceFile, { whiteBox: cosinesOf(evidence) }, { whiteBox: cosinesAgain(evidence, committed) });

  const found = read(verdictFile) as Verdict;
  const { level, test } = committed.commitment.plan;
  const judged = judgeEvidence(evidence, { name: String(found?.name), log10Level: Math.log10(level) });
  if (judged.decisive.test !== test) {
    throw doesNotHold(
      'commitment.json',
      `names the test "${test}"; this radiotracer decides by "${judged.decisive.test}"`,
    );
  }
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

/** What of evidence follows from manifest and key. */
function manifestSide({ commitment, marked: { label, group, published, suspectLoss } }: Evidence): object {
  return { commitment, versions: suspectLoss[0]?.length, marked: { label, group, published } };
}

function expectedSide({ commitment: { commitment }, manifest: { images, versions, carrierUnit } }: Committed): object {
  return {
    commitment,
    versions,
    marked: {
      label: images.map(({ label }) => label),
      group: images.map((image) => carrierGroup(carrierUnit, image).index),
      published: images.map(({ published }) => published),
    },
  };
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
