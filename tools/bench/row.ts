/** One line of the table: what is measured, and what must hold. */
export interface Row {
  /** On the command line, and the key in `speed.json`. */
  readonly name: string;
  readonly work: string;
  /** Of the rates in the table. */
  readonly unit: string;
  readonly ours: Program;
  /** What ours is compared with: of several, the one that is fastest in the warm-up. None: ours speaks for itself. */
  readonly against: readonly Program[];
  /** The number that is judged, from one run of each. */
  readonly figure: (ours: Measured, against: Measured | undefined) => number;
  readonly format: 'times' | 'percent';
  readonly limit: Limit;
  /** Makes what the programs read, before they are timed. */
  readonly prepare?: () => Promise<void>;
  /** Files that must be there; where one is missing, the row is left out. */
  readonly needs?: readonly string[];
}

export type Limit =
  | { readonly kind: 'at least'; readonly value: number; readonly aim: number }
  | { readonly kind: 'at most'; readonly value: number; readonly aim: number };

/** A file of `programs/`, run by Node or, by its name, by Python, in a process of its own. */
export interface Program {
  readonly name: string;
  readonly file: string;
  readonly args: readonly (string | number)[];
}

/** What a program prints as its last line, as JSON. */
export interface Measured {
  /** Units of work a second. */
  readonly rate: number;
  /** Peak of the resident memory of the process, or of all its processes, in MB. */
  readonly peakMemoryMb: number;
  /** Share of the machine that other processes used meanwhile, in [0, 1]; counts also how ours starts and ends. */
  readonly otherWork: number;
  readonly [name: string]: number;
}

/** How many times as fast ours is. */
export const speedup: Row['figure'] = (ours, against) => ours.rate / (against?.rate ?? NaN);

/** How many times as long ours takes. */
export const slowdown: Row['figure'] = (ours, against) => (against?.rate ?? NaN) / ours.rate;
