import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyCorpusFile } from './copy-file.ts';
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

  async rewrite(corpus, split, replacements, outputDir, onRows) {
    for (const [row, file] of (corpus.splits[split]?.files ?? []).entries()) {
      const bytes = replacements.get(row);
      if (bytes) await writeFile(join(outputDir, withExtensionOf(bytes, file)), bytes, { flag: 'wx' });
      else await copyCorpusFile(corpus.dir, outputDir, file);
      onRows(1);
    }
  },
};

/** The file's name, with another extension if its own does not fit the format of the image. */
function withExtensionOf(bytes: Uint8Array, file: string): string {
  const extension = bytes[0] === 0x89 ? /\.png$/i : /\.jpe?g$/i;
  return extension.test(file) ? file : file.replace(/\.[^.]+$/, bytes[0] === 0x89 ? '.png' : '.jpg');
}

function splitOf(folder: string | undefined): string | undefined {
  return folder === 'val' ? 'validation' : splitNames.find((name) => name === folder);
}
