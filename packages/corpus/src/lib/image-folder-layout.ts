import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyCorpusFile } from './copy-file.ts';
import { encodeReplacement } from './encode-replacement.ts';
import { CorpusError } from './errors.ts';
import { splitNames, type Layout } from './layout.ts';

const imageName = /^(?:(?<folder>[^/]+)\/)?(?<className>[^/]+)\/[^/]+\.(?:png|jpe?g)$/i;

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
    const classNames = [...new Set(used.map(({ className }) => className))].sort();
    const filesBySplit: Record<string, string[]> = {};
    for (const { file, split = 'train' } of used) (filesBySplit[split] ??= []).push(file);
    const splits = Object.entries(filesBySplit).map(([name, names]) => [name, { files: names, count: names.length }]);
    return { splits: Object.fromEntries(splits), classNames, otherFiles: [] };
  },

  async *read(corpus, split) {
    const labels = new Map(corpus.classNames.map((name, label) => [name, label]));
    for (const [row, file] of (corpus.splits[split]?.files ?? []).entries()) {
      const label = labels.get(file.split('/').at(-2) ?? '');
      if (label === undefined) throw new CorpusError({ file, row }, `is in no folder of the classes`);
      yield { file, row, label, image: await readFile(join(corpus.dir, file)) };
    }
  },

  check(corpus, split, replacements) {
    const files = corpus.splits[split]?.files ?? [];
    const nameOf = (row: number): string => (replacements.has(row) ? asPng(files[row] ?? '') : (files[row] ?? ''));
    for (let row = 1; row < files.length; row++) {
      // Names are sorted, and `.png` comes after `.jpg` and `.jpeg`: it is the earlier one that has moved.
      if (nameOf(row - 1) < nameOf(row)) continue;
      const place = { file: files[row - 1] ?? '', row: row - 1 };
      const problem = `becomes ${nameOf(row - 1)}, which must come before the next row's ${nameOf(row)}`;
      throw new CorpusError(place, `${problem} (now ${files[row]}); rename one of the two`);
    }
  },

  async rewrite(corpus, split, replacements, outputDir, onRows) {
    for (const [row, file] of (corpus.splits[split]?.files ?? []).entries()) {
      const image = replacements.get(row);
      if (image) {
        const bytes = encodeReplacement(image, await readFile(join(corpus.dir, file)));
        await writeFile(join(outputDir, asPng(file)), bytes, { flag: 'wx' });
      } else await copyCorpusFile(corpus.dir, outputDir, file);
      onRows(1);
    }
  },
};

/** The file's name with the extension of the format that replacements have. */
function asPng(file: string): string {
  return /\.png$/i.test(file) ? file : file.replace(/\.[^.]+$/, '.png');
}

function splitOf(folder: string | undefined): string | undefined {
  return folder === 'val' ? 'validation' : splitNames.find((name) => name === folder);
}
