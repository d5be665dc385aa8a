import { readdir } from 'node:fs/promises';
import type { Progress } from '@radiotracer/store';
import { copyCorpusFile } from './copy-file.ts';
import { cardFile } from './dataset-card.ts';
import { describeCorpus } from './describe-corpus.ts';
import { CorpusError, CorpusSettingsError } from './errors.ts';
import { layouts } from './layouts.ts';
import { makeAlike } from './make-alike.ts';
import { splitOf } from './read-rows.ts';
import type { Corpus, Replacement } from './types.ts';
import { writeInParts } from './write-in-parts.ts';

export interface RewriteOptions {
  readonly corpus: Corpus;
  readonly split: string;
  /** By row of the split: what takes the place of the row's image. */
  readonly replacements: ReadonlyMap<number, Replacement>;
  /** Made if it does not exist; must be empty. */
  readonly outputDir: string;
  /** Where files that are finished are kept; a call that was cut off and is made again goes on after them. */
  readonly scratchDir?: string;
  readonly report?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes the same corpus with other images in some rows of one split: the same layout, files, row groups and order;
 * every other value, the schema's metadata, and other splits as they are.
 *
 * What is written is what is to be released, so only what belongs to the corpus is: the files of its splits, lists of
 * class names, and the dataset card, `README.md`. Whatever else lies in the folder (keys, run stores, earlier outputs)
 * is left out.
 *
 * Replacements that bring no file of their own become PNG files in the form that the row's own has (see
 * `encodeReplacement`), and all files have the same permissions and the same time, so that only the pixels tell which rows
 * were replaced. Where the row's image is a grey or a palette image, or has another format than its replacement, the format
 * tells. In a class folder the extension follows the format: `x.jpg` becomes `x.png`.
 *
 * @returns the new corpus
 * @throws CorpusNotFoundError if there is no such split
 * @throws CorpusSettingsError if a row is not in the split, or pixels are not height · width · 3 bytes
 * @throws ImageSizeError if all images of the layout have one size, and a replacement has another
 * @throws CorpusError if two files of a class folder would have one name, or the folder was not empty
 */
export async function rewriteCorpus(options: RewriteOptions): Promise<Corpus> {
  const { corpus, split, replacements, outputDir, scratchDir, report, signal } = options;
  const { files, count } = splitOf(corpus, split);
  const layout = layouts[corpus.layout];
  for (const [row, image] of replacements) checkReplacement(row, image, count, split);
  layout.check?.(corpus, split, replacements);

  const inSplit = new Set(files);
  const copied = (await filesToRelease(corpus)).filter((name) => !inSplit.has(name));
  let done = 0;
  const tell = (rows: number): void => {
    signal?.throwIfAborted();
    done += rows;
    report?.({ done, total: count, unit: 'images' });
  };
  await writeInParts({
    ...{ dir: corpus.dir, names: [...copied, ...files], outputDir, scratchDir, signal },
    write: async (names, folder, firstRow) => {
      done = firstRow;
      for (const name of names) {
        tell(0);
        if (inSplit.has(name)) await layout.rewriteFile(corpus, name, done, replacements, folder, tell);
        else await copyCorpusFile(corpus.dir, folder, name);
      }
      await makeAlike(folder); // now: what is kept stays as it is
      return done - firstRow;
    },
  });
  await makeAlike(outputDir);
  return checkCounts(corpus, await describeCorpus(outputDir));
}

function checkReplacement(row: number, { pixels, height, width }: Replacement, count: number, split: string): void {
  if (!Number.isInteger(row) || row < 0 || row >= count) {
    throw new CorpusSettingsError(`row ${row} is outside [0, ${count}) of ${split}`);
  }
  if (pixels.length !== height * width * 3 || pixels.length === 0) {
    const due = `${height}×${width}×3 pixels are ${height * width * 3} bytes`;
    throw new CorpusSettingsError(`${due}, got ${pixels.length} for row ${row}`);
  }
}

async function filesToRelease({ dir, splits, otherFiles }: Corpus): Promise<readonly string[]> {
  const cards = (await readdir(dir)).filter((name) => name === cardFile);
  return [...Object.values(splits).flatMap(({ files }) => files), ...otherFiles, ...cards];
}

function checkCounts(corpus: Corpus, written: Corpus): Corpus {
  for (const [split, { count }] of Object.entries(corpus.splits)) {
    const found = written.splits[split]?.count ?? 0;
    if (found === count) continue;
    throw new CorpusError({ file: written.dir }, `holds ${found} rows of ${split}, not ${count}; give an empty folder`);
  }
  return written;
}
