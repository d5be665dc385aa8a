import * as Plot from '@observablehq/plot';
import type { Html } from '../html.ts';
import { dotRim, svgPlot } from '../svg.ts';
import { lineStyle } from '../training-plot.ts';
import type { Axes } from './axes.ts';
import { median } from './cell-facts.ts';
import type { StudyData } from './study-data.ts';

const rowHeight = 18;

/** Evidence of the suspects within each class: a point for each experiment, a tick at the median. */
export function classPlot({ models }: StudyData, axes: Axes): Html {
  const points = models
    .filter(({ role }) => role === 'suspect')
    .flatMap(({ experiment, model }) =>
      model.classes.map(({ className, decoyLog10P }) => ({
        className,
        log10P: decoyLog10P ?? NaN, // null only where an endpoint was asked, which no experiment does
        x: axes.xs.indexOf(axes.xOf(experiment)),
      })),
    );
  const medians = [...new Set(points.map(({ className }) => className))]
    .map((className) => {
      const own = points.filter((point) => point.className === className).map(({ log10P }) => log10P);
      return { className, log10P: median(own.sort((a, b) => a - b)) };
    })
    .sort((a, b) => a.log10P - b.log10P);
  const [most, least] = [medians[0], medians.at(-1)];
  const ends =
    most && least
      ? `${most.className} ${most.log10P.toFixed(1)}, ${least.className} ${least.log10P.toFixed(1)}`
      : 'none';
  return svgPlot(
    'Evidence by class',
    `log10 p of the decoy test within each class, over all experiments. Medians from most to least: ${ends}.`,
    {
      height: 60 + rowHeight * medians.length,
      marginLeft: 120,
      x: { label: 'log10 p within the class', grid: true, nice: true },
      y: { type: 'band', domain: medians.map(({ className }) => className), label: null, tickFormat: shortened },
      marks: [
        Plot.ruleX([0]),
        Plot.dot(points, {
          x: 'log10P',
          y: 'className',
          r: 3,
          fill: ({ x }) => lineStyle(x).stroke,
          ...dotRim,
        }),
        Plot.tickX(medians, { x: 'log10P', y: 'className', strokeWidth: 2 }),
      ],
    },
  );
}

function shortened(name: string): string {
  return name.length > 16 ? `${name.slice(0, 15)}…` : name;
}
