import * as Plot from '@observablehq/plot';
import type { Verdict } from '@radiotracer/detector';
import type { Html } from './html.ts';
import { svgPlot } from './svg.ts';

/** Where the observed statistic lies in the distribution it has when the model never saw the published images. */
export function nullDistributionPlot(
  { name, decisive }: Pick<Verdict, 'name' | 'decisive'>,
  nullDistribution: NonNullable<Verdict['nullDistribution']>,
): Html {
  const { from, to, probability, observed } = nullDistribution;
  const width = (to - from) / probability.length;
  const bins = probability.map((p, i) => ({ p, x1: from + i * width, x2: from + (i + 1) * width }));
  const isRight = observed > (from + to) / 2;
  return svgPlot(
    `Null distribution and the ${name}`,
    `What the ${decisive.test} expects of a model that never saw the published images, and a line at ` +
      `${observed.toPrecision(3)}, the value of the ${name}. Further right is more evidence.`,
    {
      x: { label: 'sum of scores of the published versions', nice: true },
      y: { label: 'probability', grid: true },
      marks: [
        Plot.rectY(bins, { x1: 'x1', x2: 'x2', y: 'p', fill: 'var(--bars)' }),
        Plot.ruleY([0]),
        Plot.ruleX([observed], { stroke: 'var(--observed)', strokeWidth: 2.5 }),
        Plot.text([`the ${name}`], {
          x: [observed],
          frameAnchor: 'top',
          textAnchor: isRight ? 'end' : 'start',
          dx: isRight ? -6 : 6,
          fill: 'var(--observed)',
          stroke: 'var(--page)', // a rim, where it stands on bars
          strokeWidth: 4,
          fontSize: 12,
          fontWeight: 600,
        }),
      ],
    },
  );
}
