import * as Plot from '@observablehq/plot';
import type { Html } from '../html.ts';
import { dotRim, svgPlot } from '../svg.ts';
import { lineStyle } from '../training-plot.ts';
import type { Axes } from './axes.ts';
import { median } from './cell-facts.ts';
import type { StudyData } from './study-data.ts';

/** log10 p of every model against what varies: each run a point, and a line through the medians of the suspects. */
export function powerPlot({ models }: StudyData, axes: Axes): Html {
  const points = models.map(({ experiment, model, role }) => ({
    role,
    x: axes.xOf(experiment),
    series: axes.series.indexOf(axes.seriesOf(experiment)),
    log10P: model.decisive.log10P,
  }));
  const suspects = points.filter(({ role }) => role === 'suspect');
  const levels = [...new Set(models.map(({ model }) => model.log10Level))];
  const lines = axes.series.map((_, series) =>
    axes.xs.flatMap((x) => {
      const here = suspects.filter((point) => point.series === series && point.x === x).map(({ log10P }) => log10P);
      return here.length > 0 ? [{ x, log10P: median(here.sort((a, b) => a - b)) }] : [];
    }),
  );
  const told = lines.flatMap((line, i) =>
    line.map(({ x, log10P }) => `${[axes.series[i], x].filter(Boolean).join(', ')}: ${log10P.toFixed(1)}`),
  );
  return svgPlot(
    'Evidence of every model',
    `Medians of the suspects' log10 p: ${told.join('; ')}. Controls are the hollow points; the dashed line is the level.`,
    {
      height: 320,
      x: { type: 'point', domain: axes.xs, label: axes.xLabel },
      y: { label: 'log10 p', grid: true, zero: true, nice: true },
      marks: [
        Plot.ruleY([0]),
        Plot.ruleY(levels, { stroke: 'var(--observed)', strokeDasharray: '4,4' }),
        ...lines.flatMap((line, i) => [
          Plot.lineY(line, { x: 'x', y: 'log10P', strokeWidth: 2, ...lineStyle(i) }),
          Plot.dot(
            suspects.filter(({ series }) => series === i),
            { x: 'x', y: 'log10P', r: 4, fill: lineStyle(i).stroke, ...dotRim },
          ),
        ]),
        Plot.dot(
          points.filter(({ role }) => role === 'control'),
          { x: 'x', y: 'log10P', r: 3, dx: 9, stroke: 'var(--muted)' },
        ),
      ],
    },
  );
}
