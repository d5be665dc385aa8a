import * as Plot from '@observablehq/plot';
import type { EpochLog } from '@radiotracer/trainer';
import type { Html } from './html.ts';
import { svgPlot } from './svg.ts';

/** One network's training. */
export interface TrainingLog {
  readonly name: string;
  readonly epochs: readonly EpochLog[];
}

/** Colours are defined by the page's style; lines also differ in their dashes, for print and for the colour-blind. */
const dashes = ['none', '7,3', '2,3', '9,3,2,3', '4,4', '12,4'];
export function lineStyle(i: number): { readonly stroke: string; readonly strokeDasharray: string } {
  return { stroke: `var(--series-${i % dashes.length})`, strokeDasharray: dashes[i % dashes.length] ?? 'none' };
}

/** One measure of every network, epoch by epoch. */
export function trainingPlot(
  title: string,
  measure: 'trainLoss' | 'testLoss' | 'trainAccuracy' | 'testAccuracy',
  logs: readonly TrainingLog[],
): Html {
  const last = logs.map(({ name, epochs }) => `${name} ${epochs.at(-1)?.[measure].toPrecision(3)}`);
  return svgPlot(title, `By epoch; at the end: ${last.join(', ')}.`, {
    x: { label: 'epoch', tickFormat: 'd', interval: 1 },
    y: { label: title, grid: true, zero: true },
    marks: [
      Plot.ruleY([0]),
      ...logs.flatMap(({ epochs }, i) => [
        Plot.lineY(epochs, { x: 'epoch', y: measure, strokeWidth: 2, ...lineStyle(i) }),
        Plot.dot(epochs, { x: 'epoch', y: measure, r: 2.5, fill: lineStyle(i).stroke }),
      ]),
    ],
  });
}
