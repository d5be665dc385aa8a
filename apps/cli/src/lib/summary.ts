import pc from 'picocolors';
import type { Verdict } from '@radiotracer/detector';
import { formatP } from '@radiotracer/stats';
import type { DetectResult, ExperimentResult, MarkResult, TrainResult } from '@radiotracer/workflows';
import { numberText, percentText } from './progress-text.ts';

/** The verdicts of a detection for people: a line for each model, then what they rest on. */
export function verdictsText({ models }: Pick<DetectResult, 'models'>): string {
  const verdicts = models.map(({ verdict }) => verdict.facts);
  const width = Math.max(...verdicts.map(({ name }) => name.length));
  const [first] = verdicts;
  return [
    ...verdicts.map((verdict) => verdictLine(verdict, width)),
    '',
    ...verdicts.map(({ sentence }) => sentence),
    '',
    'Void if:',
    ...(first?.voidIf ?? []).map((reason) => `- ${reason}`),
  ].join('\n');
}

/** What was marked, and what to do before the release. */
export function markedText({ publication, versions }: Pick<MarkResult, 'publication' | 'versions'>): string {
  const { marked, images, candidates, commitment } = publication.facts;
  return [
    `marked ${numberText(marked)} of ${numberText(images)} images at ${versions.facts.medianPsnrDb.toFixed(1)} dB`,
    `candidates ${candidates}`,
    `commitment ${commitment}`,
    'Before you release the corpus: "radiotracer commit" with this folder and key writes what to make public.',
  ].join('\n');
}

export function trainedText({ network }: Pick<TrainResult, 'network'>): string {
  return `trained network ${network.key}\ntest accuracy ${percentText(network.facts.testAccuracy)}`;
}

/** The verdicts of an experiment, and what a third party needs to check its publication. */
export function experimentText(result: Pick<ExperimentResult, 'models' | 'publication'>): string {
  return `${verdictsText(result)}\n\nCommitment of the publication: ${result.publication.facts.commitment}`;
}

function verdictLine({ name, detected, decisive }: Verdict, width: number): string {
  const answer = detected ? pc.bold('detected    ') : 'not detected';
  const sizes = Object.entries(decisive.sampleSize).map(([unit, size]) => `${size} ${unit}`);
  return `${name.padEnd(width)}  ${answer}  p = ${formatP(decisive.log10P)}  (${decisive.test}; ${sizes.join(', ')})`;
}

/** Names and values below one another. */
export function tableText(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}
