import pc from 'picocolors';
import type { Verdict } from '@radiotracer/detector';
import { formatP } from '@radiotracer/stats';
import type { DetectResult, ExperimentResult } from '@radiotracer/workflows';

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
