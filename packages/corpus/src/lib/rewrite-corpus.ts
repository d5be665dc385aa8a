import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Progress } from '@radiotracer/store';
import { copyCorpusFile } from './copy-file.ts';
import { describeCorpus } from './describe-corpus.ts';
import { layouts } from './layouts.ts';
import { listFiles } from './list-files.ts';
import { splitOf } from './read-rows.ts';
import type { Corpus } from './types.ts';

export interface RewriteOptions {
  readonly corpus: Corpus;
  readonly split: string;
  /** By row of the split: the encoded image, PNG or JPEG, that takes the place of the row's. */
  readonly replacements: ReadonlyMap<number, Uint8Array>;
  /** Made if it does not exist; should be empty. */
  readonly outputDir: string;
  readonly report?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes the same corpus with other images in some rows of one split: the same layout, files, row groups and order;
 * every other value, the schema's metadata, other splits and other files of the folder (the dataset card) as they are.
 *
 * Nothing but the images themselves tells which rows were replaced, so their format should be that of the others. In a
 * class folder a file whose format differs from the old one gets the extension of its format.
 *
 * @returns the new corpus
 * @throws CorpusNotFoundError if there is no such split
 * @throws RangeError if a row is not in the split
 * @throws ImageDecodeError, ImageSizeError if the layout holds pixels and an image cannot be turned into them
 */
export async function rewriteCorpus(options: RewriteOptions): Promise<Corpus> {
  const { corpus, split, replacements, outputDir, report, signal } = options;
  const { files, count } = splitOf(corpus, split);
  for (const row of replacements.keys()) {
    if (!Number.isInteger(row) || row < 0 || row >= count) {
      throw new RangeError(`corpus: row ${row} is outside [0, ${count}) of ${split}`);
    }
  }
  const names = await listFiles(corpus.dir);
  for (const folder of new Set(names.map((name) => dirname(join(outputDir, name))))) {
    await mkdir(folder, { recursive: true });
  }
  const ofSplit = new Set(files);
  for (const name of names) {
    signal?.throwIfAborted();
    if (ofSplit.has(name)) continue;
    await copyCorpusFile(corpus.dir, outputDir, name);
  }
  let done = 0;
  await layouts[corpus.layout].rewrite(corpus, split, replacements, outputDir, (rows) => {
    signal?.throwIfAborted();
    report?.({ done: (done += rows), total: count, unit: 'images' });
  });
  return describeCorpus(outputDir);
}
