import { formatP, neededAdvantage, typicalDecoyLog10P } from '@radiotracer/stats';
import { type MarkingPlan, shareOf } from './marking-plan.ts';
import { firstMeasured, type PlannedEffect, type Power, usualPower } from './power.ts';
import { numberText } from './progress-text.ts';

/** What a plan can detect, to be read in ten seconds. */
export function powerText({ plan, leastLog10P, effects, drawsForFirstMeasured, whiteBox }: Power): string {
  const { images, marked, draws, versions, level } = plan;
  const { stouffer, fisher, dimension } = whiteBox;
  return [
    `${numberText(marked)} of ${numberText(images)} images marked, ${versions} versions each, ` +
      `${numberText(draws)} secret draws; detected means p ≤ ${level}`,
    '',
    'd     detected  typical p',
    ...effects.map(effectLine),
    '',
    'd: by how many standard deviations a suspect prefers what was published to the other versions, on average;',
    '   afterwards it is z / √draws of the report. It depends on marks and training; measured ones are named.',
    comparison(drawsForFirstMeasured, images),
    `No p-value can be below ${formatP(leastLog10P)}.`,
    `The white-box test, shown beside, needs a mean cosine of ${cosine(stouffer.half)} (Stouffer) or ` +
      `${cosine(fisher.half)} (Fisher) to`,
    `find half of the suspects, ${cosine(stouffer.nineInTen)} or ${cosine(fisher.nineInTen)} to find 9 in 10, ` +
      `in ${dimension} features.`,
  ].join('\n');
}

/** What it would take to find marks like those that were measured. */
function comparison(draws: number | null, images: number): string {
  if (draws === null) return 'Of draws that the images of a class share, nothing was measured yet.';
  const share = draws > images ? ', more than there are' : ` (--fraction ${shareOf(draws, images)})`;
  return `Marks of d ${firstMeasured.advantage.toFixed(2)} are found 9 times in 10 with ${numberText(draws)} marked images${share}.`;
}

/** The same in one line, before work starts. */
export function powerLine({ draws, versions, level, carrierUnit }: MarkingPlan): string {
  const needed = neededAdvantage(usualPower, draws, Math.log10(level)).toFixed(2);
  const typical = formatP(typicalDecoyLog10P(firstMeasured.advantage, draws, versions));
  const measured = `; marks of d ${firstMeasured.advantage.toFixed(2)}, as on CIFAR-10, would give p around ${typical}`;
  return (
    `power: ${numberText(draws)} draws find an effect of d ${needed} 9 times in 10` +
    `${carrierUnit === 'image' ? measured : ''} ("radiotracer power" explains)`
  );
}

function effectLine({ advantage, power, typicalLog10P, measured }: PlannedEffect): string {
  const percent = power > 0.99 ? '> 99%' : `${(100 * power).toFixed(0)}%`;
  const from = measured ? `${measured.marks} (${measured.runs} ${measured.runs === 1 ? 'run' : 'runs'})` : '';
  return `${advantage.toFixed(2)}  ${percent.padEnd(8)}  ${formatP(typicalLog10P).padEnd(9)}  ${from}`.trimEnd();
}

function cosine(value: number): string {
  return value.toPrecision(2);
}
