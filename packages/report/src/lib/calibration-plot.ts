import * as Plot from '@observablehq/plot';
import type { CalibratedTest } from '@radiotracer/detector';
import type { Html } from './html.ts';
import { svgPlot } from './svg.ts';

/** Sorted p-values against what is expected in their place, on log scales: the smallest, which matter most, are right. */
export function calibrationPlot({ test, quantiles, draws }: CalibratedTest): Html {
  const points = quantiles.map(({ log10P, expectedLog10P, lowLog10P, highLog10P }) => ({
    expected: -expectedLog10P,
    observed: -log10P,
    least: -highLog10P,
    most: -lowLog10P,
  }));
  const outside = points.filter(({ observed, least, most }) => observed < least || observed > most).length;
  const ends = [0, Math.max(...points.map(({ expected }) => expected))];
  return svgPlot(
    `Quantiles of ${test}`,
    `${draws} p-values of redrawn publications, sorted, against uniform ones. ${outside} of ${points.length} points lie ` +
      'outside the band that holds 95 % of them at each place. Above the line, p-values are too small.',
    {
      x: { label: 'expected −log₁₀ p', nice: true },
      y: { label: 'observed −log₁₀ p', grid: true, nice: true },
      marks: [
        Plot.areaY(points, {
          x: 'expected',
          y1: 'least',
          y2: 'most',
          fill: 'var(--bars)',
          fillOpacity: 0.4,
          stroke: 'var(--bars)',
        }),
        Plot.line(
          ends.map((end) => [end, end]),
          { stroke: 'currentColor', strokeDasharray: '4,4' },
        ),
        Plot.dot(points, { x: 'expected', y: 'observed', r: 2.5, fill: 'var(--observed)' }),
      ],
    },
  );
}
