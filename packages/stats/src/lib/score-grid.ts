import { sum } from './moments.ts';

/** At most so many cells of the grid across the row with the largest range … */
const cellsPerRow = 2 ** 12;
/** … and so many across the range of the sum, which bounds time and memory, … */
const cellsOfSum = 2 ** 16;
/** … but no fewer than so many across the mean row, however many rows there are: fewer would cost power. */
const cellsOfMeanRow = 8;

/** Scores as whole numbers of cells. */
export interface ScoreGrid {
  /** Cells above the smallest score of the row, integers ≥ 0; [n][V_i]. */
  readonly rows: readonly (readonly number[])[];
  /** The sum of scores that so many cells of the sum stand for. */
  readonly toScore: (cells: number) => number;
}

/**
 * Scores rounded to a grid, counted from each row's minimum, so that sums of them can be convolved. Its cell is
 *   max(largest row range / 4096, sum of row ranges / max(65536, 8 n)), rounded up to a power of two
 * so that integer scores of small range stay as they are.
 *
 * @param scores - [n][V_i], finite
 * @throws RangeError if the ranges of the rows overflow
 */
export function scoreGrid(scores: readonly (readonly number[])[]): ScoreGrid {
  const smallest = scores.map((row) => Math.min(...row));
  const ranges = scores.map((row, i) => Math.max(...row) - (smallest[i] as number));
  const largest = ranges.reduce((a, b) => Math.max(a, b));
  const sumCells = Math.max(cellsOfSum, cellsOfMeanRow * ranges.length);
  const finest = Math.max(largest / cellsPerRow, sum(ranges) / sumCells, Number.MIN_VALUE);
  const cell = 2 ** Math.ceil(Math.log2(finest));
  if (cell === Infinity) throw new RangeError('decoyTest: the ranges of the rows overflow, rescale the scores');
  return {
    rows: scores.map((row, i) => row.map((score) => Math.round((score - (smallest[i] as number)) / cell))),
    toScore: (cells) => sum(smallest) + cells * cell,
  };
}

/** The sum of the cells of what was published. */
export function sumOfPublished({ rows }: ScoreGrid, published: readonly number[]): number {
  return sum(rows.map((row, i) => row[published[i] as number] as number));
}
