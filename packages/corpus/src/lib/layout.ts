import type { Corpus, CorpusFiles, CorpusRow, ImageSize, Replacement } from './types.ts';

/** What a layout knows of a corpus: all but its digest. */
export type FoundCorpus = Pick<Corpus, 'splits' | 'classNames' | 'otherFiles'>;

/** By row of the split, the image that takes the place of the row's. */
export type Replacements = ReadonlyMap<number, Replacement>;

/** Where an image is, and its size by its header. */
export interface InspectedImage extends ImageSize {
  readonly file: string;
  readonly row: number;
}

/** One way in which a corpus lies on disk. */
export interface Layout {
  /** What would be valid, for the person whose folder holds nothing. */
  readonly expected: string;
  /**
   * @param files - every file of the folder, sorted, relative to `dir`
   * @returns undefined if the folder holds nothing in this layout
   * @throws CorpusError if it does, and something is missing or wrong
   */
  find(dir: string, files: readonly string[]): Promise<FoundCorpus | undefined>;
  /** Rows in order from row `from` on; labels are class indices in range. Holds no more than a part of a file in memory. */
  read(corpus: Corpus, split: string, from: number): AsyncIterable<CorpusRow>;
  /**
   * Checks every label, and yields the sizes of images that are cheap to reach, by their headers; see `inspectCorpus`.
   *
   * @throws CorpusError
   */
  inspect(corpus: CorpusFiles, split: string): AsyncIterable<InspectedImage>;
  /**
   * Refuses, before anything is written, replacements that the layout cannot hold.
   *
   * @throws ImageSizeError if they have not the one size that all images have
   * @throws CorpusError if a file's new name is another's, or would change the order of the rows
   */
  check?(corpus: Corpus, split: string, replacements: Replacements): void;
  /**
   * Writes one file of a split into the folder `outputDir`, whose folders exist, with other images in some rows.
   *
   * @param firstRow - the file's first row, counted over the split
   * @param onRows - called as rows are done, with their number, which is the file's in all; it may throw to stop
   */
  rewriteFile(
    corpus: Corpus,
    name: string,
    firstRow: number,
    replacements: Replacements,
    outputDir: string,
    onRows: (rows: number) => void,
  ): Promise<void>;
}

/** Splits that are recognised, by the name that files and folders have. */
export const splitNames = ['train', 'test', 'validation'] as const;
