import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatP } from '@radiotracer/stats';
import type { Stage } from '@radiotracer/store';
import { classResults } from './class-results.ts';
import { decidingTests } from './deciding-tests.ts';
import { InvalidEvidenceError } from './errors.ts';
import { evidenceTests } from './evidence-tests.ts';
import { countDraws } from './marked-images.ts';
import { reachesLevel } from './reaches-level.ts';
import { readEvidence } from './read-evidence.ts';
import type { Evidence, JudgeInput, TestResult, Verdict } from './types.ts';

const voidIf = [
  'The commitment to key and draw was not made public (or time-stamped) before the images were, or key and manifest do not match it.',
  'Whoever trained the suspect, or supplied its data, knew the key or the draw before the suspect was fixed.',
  'A decoy left the publisher: it was released, or somebody trained on it.',
  'Key, test, score or level were chosen, or one of several suspects singled out, after looking at results.',
  'The published images were made or replaced by another procedure than their decoys.',
];

/**
 * The verdict on one model. One test alone decides, it and its level fixed beforehand; what else is computed is shown
 * beside it. Detected means that the model learned from the published versions, directly or through another model or a
 * copy; not detected does not mean that it did not.
 *
 * @throws InvalidEvidenceError if images that share a draw have different published versions, or the exact test is to decide
 *   and the suspect was asked about the first draws only
 */
export function judgeEvidence(evidence: Evidence, { name, log10Level, test }: Omit<JudgeInput, 'evidence'>): Verdict {
  const { results, nullDistribution } = evidenceTests(evidence);
  const decisive = results.find((result) => result.test === decidingTests[test]);
  if (!decisive) throw new InvalidEvidenceError('totalDraws', notAll(evidence, decidingTests[test]));
  const detected = reachesLevel(decisive.log10P, log10Level);
  return {
    name,
    detected,
    sentence: [
      sentence(name, detected, decisive),
      ...howFarItWasAsked(evidence),
      ...whatWasSeen(evidence),
      ...outOfReach(decisive, log10Level),
    ].join(' '),
    log10Level,
    decisive,
    others: results.filter((result) => result !== decisive),
    voidIf,
    ...(test === 'exact' && { nullDistribution }),
  };
}

/** Reads `evidence.json`; leaves `verdict.json` (the facts) and `classes.json` (`ClassResult[]`). Needs no TensorFlow. */
export const judge: Stage<JudgeInput, Verdict> = {
  name: 'judge',
  version: 8,
  async run({ evidence, name, log10Level, test }, context) {
    const parsed = await readEvidence(evidence, context);
    const verdict = judgeEvidence(parsed, { name, log10Level, test });
    await writeFile(join(context.outputDir, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
    await writeFile(join(context.outputDir, 'classes.json'), `${JSON.stringify(classResults(parsed), null, 2)}\n`);
    return verdict;
  },
};

function notAll({ totalDraws, marked }: Evidence, test: string): string {
  return `is ${totalDraws}, and marked has ${countDraws(marked)} draws; the ${test} holds where the suspect was asked about all`;
}

function sentence(name: string, detected: boolean, { test, log10P, sampleSize }: TestResult): string {
  const { images, draws, versions } = sampleSize;
  const shared = draws === images ? '' : ` in ${draws} groups that share a draw`;
  const [kind] = test.split(' on ');
  const basis = `p = ${formatP(log10P)} (${kind}, ${images} marked images${shared} × ${versions} versions)`;
  return detected
    ? `The ${name} was trained on the published images: ${basis}.`
    : `No evidence that the ${name} was trained on the published images: ${basis}.`;
}

/** What to add where the suspect was not asked about everything. */
function howFarItWasAsked({ totalDraws, marked }: Evidence): string[] {
  if (totalDraws === undefined) return [];
  return [`It was asked about the first ${countDraws(marked)} of ${totalDraws} draws, which were enough.`];
}

/** What to add where the suspect only answered. */
function whatWasSeen({ suspect }: Evidence): string[] {
  if (!('answers' in suspect)) return [];
  const { answers } = suspect;
  const isCoarse = answers === 'labels' || answers === 'top probabilities';
  const less = isCoarse ? ', which tell less than losses: marks that these would show may go unseen' : '';
  return [
    `It was judged by the ${answers} that it answered${less}; there is no white-box test, as its weights were not seen.`,
  ];
}

/** What to add where even a suspect that prefers every published version would not be found: its p is 1 / V^draws. */
function outOfReach({ sampleSize }: TestResult, log10Level: number): string[] {
  const { draws = NaN, versions = NaN } = sampleSize;
  const least = -draws * Math.log10(versions);
  if (reachesLevel(least, log10Level)) return [];
  return [
    `No model could have been detected at the level ${formatP(log10Level)}: ` +
      `${draws} draws of ${versions} versions allow no p-value below ${formatP(least)}.`,
  ];
}
