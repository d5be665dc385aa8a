import pc from 'picocolors';
import type { Verdict } from '@radiotracer/detector';
import type { DetectResult, ExperimentResult } from '@radiotracer/workflows';

/** A p-value from its log10, however small: "0.43", "0.0032", "10^-412.3". */
export function pValueText(log10P: number): string {
  return log10P > -3 ? String(Number((10 ** log10P).toPrecision(2))) : `10^${log10P.toFixed(1)}`;
}

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
  return `${name.padEnd(width)}  ${answer}  p = ${pValueText(decisive.log10P)}  (${decisive.test}; ${sizes.join(', ')})`;
}

/** Names and values below one another. */
export function tableText(rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}
