import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyCorpusFile } from './copy-file.ts';
import { encodeReplacement } from './encode-replacement.ts';
import { atPlace, CorpusError, ImageDecodeError } from './errors.ts';
import { isJpeg, readImageHeader } from './image-header.ts';
import { splitNames, type InspectedImage, type Layout } from './layout.ts';
import type { Replacement } from './types.ts';

/** Files that are opened at the same time. */
const inFlight = 32;
/** Enough for nearly all headers: a JPEG may have other segments before its own. */
const headerBytes = 4096;

const imageName = /^(?:(?<folder>[^/]+)\/)?(?<className>[^/]+)\/[^/]+\.(?:png|jpe?g)$/i;

const anyImage = /\.(?:png|jpe?g|gif|bmp|webp|tiff?|avif|heic|jp2)$/i;

/** A folder for each class, below a folder for each split or, for `train` alone, at once. Rows are sorted by name. */
export const imageFolderLayout: Layout = {
  expected: 'images <class>/*.png|jpg|jpeg, in the folder or in train/, test/, validation/ (or val/)',

  async find(_dir, files) {
    const images = files.flatMap((file) => {
      const { folder, className } = imageName.exec(file)?.groups ?? {};
      return className === undefined ? [] : [{ file, split: splitOf(folder), className }];
    });
    const inSplits = images.filter(({ split }) => split !== undefined);
    const direct = images.filter(({ file }) => file.split('/').length === 2);
    const used = inSplits.length > 0 ? inSplits : direct;
    if (used.length === 0) return undefined;
    refuseStrays(
      used.map(({ file }) => file),
      files,
    );
    const classNames = [...new Set(used.map(({ className }) => className))].sort();
    const filesBySplit: Record<string, string[]> = {};
    for (const { file, split = 'train' } of used) (filesBySplit[split] ??= []).push(file);
    const splits = Object.entries(filesBySplit).map(([name, names]) => [name, { files: names, count: names.length }]);
    return { splits: Object.fromEntries(splits), classNames, otherFiles: [] };
  },

  async *read(corpus, split, from) {
    const labels = new Map(corpus.classNames.map((name, label) => [name, label]));
    for (const [row, file] of (corpus.splits[split]?.files ?? []).entries()) {
      if (row < from) continue;
      const label = labels.get(file.split('/').at(-2) ?? '');
      if (label === undefined) throw new CorpusError({ file, row }, `is in no folder of the classes`);
      yield { file, row, label, image: await readFile(join(corpus.dir, file)) };
    }
  },

  async *inspect({ dir, splits }, split) {
    const files = splits[split]?.files ?? [];
    for (let row = 0; row < files.length; row += inFlight) {
      yield* await Promise.all(files.slice(row, row + inFlight).map((file, i) => inspectImage(dir, file, row + i)));
    }
  },

  check(corpus, split, replacements) {
    const files = corpus.splits[split]?.files ?? [];
    const nameOf = (row: number): string => nameAfter(files[row] ?? '', replacements.get(row));
    for (let row = 1; row < files.length; row++) {
      // Names are sorted; where one changed, it may have passed its neighbour.
      if (nameOf(row - 1) < nameOf(row)) continue;
      const place = { file: files[row - 1] ?? '', row: row - 1 };
      const problem = `becomes ${nameOf(row - 1)}, which must come before the next row's ${nameOf(row)}`;
      throw new CorpusError(place, `${problem} (now ${files[row]}); rename one of the two`);
    }
  },

  async rewriteFile(corpus, name, row, replacements, outputDir, onRows) {
    const image = replacements.get(row);
    if (image) {
      const bytes = encodeReplacement(image, await readFile(join(corpus.dir, name)));
      await writeFile(join(outputDir, nameAfter(name, image)), bytes, { flag: 'wx' });
    } else await copyCorpusFile(corpus.dir, outputDir, name);
    onRows(1);
  },
};

/**
 * An image that is passed over would silently be missing from the release.
 *
 * @throws CorpusError if there is one in a folder whose other images are used: in another format, or at another depth
 */
function refuseStrays(used: readonly string[], files: readonly string[]): void {
  const isUsed = new Set(used);
  const top = (file: string): string => file.slice(0, file.indexOf('/'));
  const folders = new Set(used.map(top));
  const stray = files.find((file) => folders.has(top(file)) && anyImage.test(file) && !isUsed.has(file));
  if (stray === undefined) return;
  const rule = `images are *.png, *.jpg or *.jpeg, straight in the folder of a class, as ${used[0]}`;
  throw new CorpusError({ file: stray }, `would be left out; ${rule}: convert, move or remove it`);
}

async function inspectImage(dir: string, file: string, row: number): Promise<InspectedImage> {
  const handle = await open(join(dir, file), 'r');
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, headerBytes)), 0);
    const start = buffer.subarray(0, bytesRead);
    try {
      return { file, row, ...readImageHeader(start) };
    } catch (error) {
      if (size <= headerBytes) throw error;
      return { file, row, ...readImageHeader(await readFile(join(dir, file))) };
    }
  } catch (cause) {
    throw cause instanceof ImageDecodeError ? atPlace({ file, row }, cause) : cause;
  } finally {
    await handle.close();
  }
}

/** The file's name, with the extension of another format if its replacement has another. */
function nameAfter(file: string, replacement: Replacement | undefined): string {
  if (replacement === undefined) return file;
  const [known, extension] = replacement.file && isJpeg(replacement.file) ? [/\.jpe?g$/i, '.jpg'] : [/\.png$/i, '.png'];
  return known.test(file) ? file : file.replace(/\.[^.]+$/, extension);
}

function splitOf(folder: string | undefined): string | undefined {
  return folder === 'val' ? 'validation' : splitNames.find((name) => name === folder);
}
