import { max, median, min } from 'simple-statistics';
import type { Pair } from './measure.ts';
import type { Limit, Measured, Row } from './row.ts';

/** Beyond this, a figure says more about the other work: PyTorch's threads wait for one another at every kernel. */
const mostOtherWork = 0.15;

/** Of several runs. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface RowStatistics {
  readonly ours: { readonly rate: Spread; readonly peakMemoryMb: number };
  readonly against?: { readonly rate: Spread; readonly peakMemoryMb: number };
  /** Of the figures of the pairs: two runs that follow one another had the same machine. */
  readonly figure: Spread;
  /** Share of the machine that other processes used, median over all runs. */
  readonly otherWork: number;
  /** `busy`: other work took too much of the machine for the figure to mean anything. */
  readonly met: 'aim' | 'yes' | 'no' | 'busy';
}

/** @param pairs - at least one */
export function statisticsOf(row: Pick<Row, 'figure' | 'limit'>, pairs: readonly Pair[]): RowStatistics {
  const figure = spread(pairs.map(({ ours, against }) => row.figure(ours, against)));
  const otherWork = median(pairs.flatMap(({ ours, against }) => [ours, against ?? ours].map((run) => run.otherWork)));
  const opponents = pairs.flatMap(({ against }) => against ?? []);
  return {
    ours: both(pairs.map(({ ours }) => ours)),
    ...(opponents.length > 0 && { against: both(opponents) }),
    figure,
    otherWork,
    met:
      otherWork > mostOtherWork
        ? 'busy'
        : holds(row.limit, row.limit.aim, figure.median)
          ? 'aim'
          : holds(row.limit, row.limit.value, figure.median)
            ? 'yes'
            : 'no',
  };
}

function both(runs: readonly Measured[]): RowStatistics['ours'] {
  return {
    rate: spread(runs.map(({ rate }) => rate)),
    peakMemoryMb: median(runs.map(({ peakMemoryMb }) => peakMemoryMb)),
  };
}

function spread(values: number[]): Spread {
  return { median: median(values), min: min(values), max: max(values) };
}

function holds({ kind }: Limit, bound: number, figure: number): boolean {
  return kind === 'at least' ? figure >= bound : figure <= bound;
}
