/** Where in a corpus something is wrong. */
export interface CorpusPlace {
  /** Relative to the corpus' folder, or absolute where there is none. */
  readonly file: string;
  /** Of a Parquet file, from 0. */
  readonly rowGroup?: number;
  /** Of the split, from 0: over all its files, in their order. */
  readonly row?: number;
}

/** A file or a row of a corpus is not what it should be. Wrong every time: correct the corpus. */
export class CorpusError extends Error {
  override readonly name = 'CorpusError';
  readonly retryable = false;
  readonly file: string;
  readonly rowGroup: number | undefined;
  readonly row: number | undefined;

  /** @param problem - what was found, and what would be valid */
  constructor(place: CorpusPlace, problem: string, options?: ErrorOptions) {
    const group = place.rowGroup === undefined ? '' : `, row group ${place.rowGroup}`;
    const row = place.row === undefined ? '' : `, row ${place.row} of the split`;
    super(`corpus: ${place.file}${group}${row}: ${problem}`, options);
    this.file = place.file;
    this.rowGroup = place.rowGroup;
    this.row = place.row;
  }
}

/** What is wrong with an image, with its place in the corpus. */
export function atPlace(place: CorpusPlace, cause: unknown): CorpusError {
  const problem = cause instanceof Error ? cause.message.replace(/^corpus: /, '') : String(cause);
  return new CorpusError(place, problem, { cause });
}

/** A folder holds no corpus, or not the one that was meant. Name another folder, split or digest. */
export class CorpusNotFoundError extends Error {
  override readonly name = 'CorpusNotFoundError';
  readonly retryable = false;

  constructor(
    readonly dir: string,
    problem: string,
  ) {
    super(`corpus: ${dir} ${problem}`);
  }
}

/** Settings of a corpus to generate, or replacements for one to rewrite, are wrong. Wrong every time: correct them. */
export class CorpusSettingsError extends Error {
  override readonly name = 'CorpusSettingsError';
  readonly retryable = false;

  constructor(problem: string) {
    super(`corpus: ${problem}`);
  }
}

/** Images are of several sizes, or not of the one that is needed. Bring them to one size, or have `ingest` do it. */
export class ImageSizeError extends Error {
  override readonly name = 'ImageSizeError';
  readonly retryable = false;
}

/** Bytes are no image that can be decoded. Who reads a corpus gets it as the cause of a `CorpusError`. */
export class ImageDecodeError extends Error {
  override readonly name = 'ImageDecodeError';
  readonly retryable = false;
}

/** Decoded shards are not as they were written. Drop them and ingest the corpus again. */
export class CorruptShardError extends Error {
  override readonly name = 'CorruptShardError';
  readonly retryable = false;

  constructor(
    readonly file: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`corpus: ${file} ${problem}; drop the shards and ingest the corpus again`, options);
  }
}

/** A table is not what it should be. Wrong every time: correct the file. */
export class TableError extends Error {
  override readonly name = 'TableError';
  readonly retryable = false;

  /**
   * @param place - of the row, as `TableRow` has it; empty where it is the whole file
   * @param problem - what was found, and what would be valid
   */
  constructor(
    readonly file: string,
    readonly place: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`table ${file}${place && `, ${place}`}: ${problem}`, options);
  }
}
