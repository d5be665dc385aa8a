import { formatP } from '@radiotracer/stats';
import type { SweepResult } from '@radiotracer/workflows';
import { tableText } from './summary.ts';

/** What came out in each cell of a study. */
export function studyText({ study, experiments }: SweepResult): string {
  const rows = study.facts.cells.map(({ cell, suspects, controls, accuracyDifference: { mean, halfWidth, pairs } }) => {
    const told = [
      `suspects ${suspects.detected} of ${suspects.count} detected`,
      ...(suspects.medianLog10P === null ? [] : [`median p = ${formatP(suspects.medianLog10P)}`]),
      ...(suspects.greatestLog10P === null ? [] : [`greatest ${formatP(suspects.greatestLog10P)}`]),
      `controls ${controls.detected} of ${controls.count}`,
      ...(controls.leastLog10P === null ? [] : [`least p = ${formatP(controls.leastLog10P)}`]),
      ...(mean === null
        ? []
        : [`accuracy ${points(mean)}${halfWidth === null ? '' : ` ± ${points(halfWidth)}`} points in ${pairs} pairs`]),
    ];
    return [cell || 'all', told.join(', ')] as const;
  });
  return `${experiments.length} experiments\n${tableText(rows)}`;
}

/** That experiments failed, if some did. */
export function studyProblem({ experiments }: SweepResult): string | undefined {
  const failed = experiments.filter(({ failure }) => failure !== undefined);
  const [first] = failed;
  if (!first) return undefined;
  const label = [...(first.cell ? [first.cell] : []), `run ${first.run}`].join(', ');
  return (
    `${failed.length} of ${experiments.length} experiments failed, the first (${label}) with: ${first.failure}; ` +
    'the same command again tries them anew'
  );
}

function points(share: number): string {
  return (100 * share).toFixed(2);
}
