import type { StudiedExperiment } from '../types.ts';
import type { StudyData } from './study-data.ts';

/** What the plots of a study have along x, and what tells their lines apart. */
export interface Axes {
  readonly xLabel: string;
  /** In their order along x. */
  readonly xs: readonly string[];
  /** Names of the lines; one empty name where x is all that varies. */
  readonly series: readonly string[];
  xOf(experiment: StudiedExperiment): string;
  seriesOf(experiment: StudiedExperiment): string;
}

const fraction = 'marking.markedFraction';

/** The marked fraction along x, or else the first setting that varies; a line for each value of the others. */
export function axesOf({ input: { experiments } }: StudyData): Axes {
  const paths = Object.keys(experiments[0]?.varied ?? {});
  const path = paths.includes(fraction) ? fraction : paths[0];
  const xOf = ({ varied }: StudiedExperiment): string => (path === undefined ? 'all' : shown(path, varied[path]));
  const seriesOf = ({ varied }: StudiedExperiment): string =>
    paths
      .filter((other) => other !== path)
      .map((other) => `${other} ${shown(other, varied[other])}`)
      .join(', ');
  const sorted = [...experiments].sort((a, b) => compare(a.varied[path ?? ''], b.varied[path ?? '']));
  return {
    xLabel: path === fraction ? 'share of the images that is marked' : (path ?? ''),
    xs: [...new Set(sorted.map(xOf))],
    series: [...new Set(experiments.map(seriesOf))],
    xOf,
    seriesOf,
  };
}

/** Numbers by size; anything else stays in its order. */
function compare(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : 0;
}

function shown(path: string, value: unknown): string {
  if (path === fraction) return `${Number((100 * (value as number)).toPrecision(6))}%`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
