import * as Plot from '@observablehq/plot';
import type { Html } from '../html.ts';
import { dotRim, svgPlot } from '../svg.ts';
import type { CellFacts } from '../types.ts';
import { accuracyDifferences } from './accuracy-differences.ts';
import { modelsByCell, type StudyData } from './study-data.ts';

const rowHeight = 34;

/** What the marks cost: accuracy of each suspect less that of its control, with mean and 95% interval by cell. */
export function accuracyPlot(data: StudyData, cells: readonly CellFacts[]): Html {
  const points = [...modelsByCell(data)].flatMap(([cell, models]) =>
    accuracyDifferences(models).map((difference) => ({ cell, difference: 100 * difference })),
  );
  const means = cells.flatMap(({ cell, accuracyDifference: { mean, halfWidth } }) =>
    mean === null ? [] : [{ cell, mean: 100 * mean, halfWidth: 100 * (halfWidth ?? 0) }],
  );
  const told = means.map(
    ({ cell, mean, halfWidth }) =>
      `${cell || 'all'}: ${mean.toFixed(2)}${halfWidth > 0 ? ` ± ${halfWidth.toFixed(2)}` : ''}`,
  );
  return svgPlot(
    'Accuracy of suspects less controls',
    `In percentage points, a point for each pair of equal seeds; mean and Student's 95% interval: ${told.join('; ')}.`,
    {
      height: 70 + rowHeight * cells.length,
      marginLeft: 20,
      x: { label: 'suspect − control, percentage points', grid: true, nice: true },
      y: { type: 'band', domain: cells.map(({ cell }) => cell), axis: null, padding: 0.6 },
      marks: [
        Plot.ruleX([0]),
        Plot.text(cells, { x: null, y: 'cell', text: 'cell', frameAnchor: 'left', textAnchor: 'start', dy: -12 }),
        Plot.ruleY(means, {
          y: 'cell',
          x1: ({ mean, halfWidth }) => mean - halfWidth,
          x2: ({ mean, halfWidth }) => mean + halfWidth,
          stroke: 'var(--series-0)',
          strokeWidth: 2,
        }),
        Plot.tickX(means, { x: 'mean', y: 'cell', stroke: 'var(--series-0)', strokeWidth: 3 }),
        Plot.dot(points, { x: 'difference', y: 'cell', r: 3.5, fill: 'var(--series-1)', ...dotRim }),
      ],
    },
  );
}
