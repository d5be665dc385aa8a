import { decodeImage } from './decode-image.ts';
import { atPlace, CorpusNotFoundError } from './errors.ts';
import { layouts } from './layouts.ts';
import type { Corpus, CorpusRow, CorpusSplit, DecodedImage } from './types.ts';

/**
 * Rows of a split in their order, streamed: at most a row group is held in memory.
 *
 * @param from - row of the split to begin with; what comes before is not looked at, and mostly not read
 * @throws CorpusNotFoundError if the corpus has no such split
 * @throws CorpusError at the first row that has no image, or whose label is missing or out of range
 */
export function readRows(corpus: Corpus, split: string, from = 0): AsyncIterable<CorpusRow> {
  splitOf(corpus, split);
  return layouts[corpus.layout].read(corpus, split, from);
}

/** @throws CorpusNotFoundError if the corpus has no such split */
export function splitOf(corpus: Corpus, split: string): CorpusSplit {
  const found = corpus.splits[split];
  if (found) return found;
  throw new CorpusNotFoundError(corpus.dir, `has no split "${split}"; it has ${Object.keys(corpus.splits).join(', ')}`);
}

/**
 * Pixels of a row.
 *
 * @throws CorpusError if its image cannot be decoded, with the `ImageDecodeError` as its cause
 */
export async function decodeRow(row: CorpusRow): Promise<DecodedImage> {
  if (!(row.image instanceof Uint8Array)) return row.image;
  try {
    return await decodeImage(row.image);
  } catch (cause) {
    throw atPlace(row, cause);
  }
}
