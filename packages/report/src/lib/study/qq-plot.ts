import * as Plot from '@observablehq/plot';
import type { Html } from '../html.ts';
import { dotRim, svgPlot } from '../svg.ts';
import type { StudyData } from './study-data.ts';

/** The p-values of all controls, sorted, against those that a uniform distribution would give. */
export function qqPlot({ models }: StudyData): Html {
  const log10Ps = models.filter(({ role }) => role === 'control').map(({ model }) => model.decisive.log10P);
  const n = log10Ps.length;
  const points = log10Ps
    .sort((a, b) => a - b)
    .map((log10P, i) => ({ expected: -Math.log10((i + 0.5) / n), observed: -log10P }));
  const end = Math.max(1, ...points.flatMap(({ expected, observed }) => [expected, observed]));
  const least = points[0] ? `, the least 10^${(-points[0].observed).toFixed(1)}` : '';
  return svgPlot(
    'QQ plot of the controls',
    `${n} p-values of models that never saw the marks${least}. Points on the line: as uniform as they should be.`,
    {
      height: 320,
      x: { label: '−log10 p expected', domain: [0, end], nice: true, grid: true },
      y: { label: '−log10 p observed', domain: [0, end], nice: true, grid: true },
      marks: [
        Plot.line(
          [
            [0, 0],
            [end, end],
          ],
          { stroke: 'var(--muted)', strokeDasharray: '4,4' },
        ),
        Plot.dot(points, { x: 'expected', y: 'observed', r: 3.5, fill: 'var(--series-0)', ...dotRim }),
      ],
    },
  );
}
