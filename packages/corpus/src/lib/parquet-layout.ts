import { join } from 'node:path';
import { atPlace, CorpusError } from './errors.ts';
import { readImageHeader } from './image-header.ts';
import { toLabel } from './label.ts';
import { splitNames, type Layout } from './layout.ts';
import { classNamesOf, openParquet, readRowGroup, type ParquetFile, type ParquetRow } from './parquet-file.ts';
import { rewriteParquet } from './rewrite-parquet.ts';
import type { CorpusFiles, CorpusRow, CorpusSplit } from './types.ts';

const shardName = new RegExp(`^(?:data/)?(${splitNames.join('|')})-(\\d{5})-of-(\\d{5})\\.parquet$`);

/** Parquet as the Hugging Face hub lays it out, and `datasets` and pyarrow write it. */
export const parquetLayout: Layout = {
  expected: 'Parquet files train-00000-of-000NN.parquet, in the folder or in data/',

  async find(dir, files) {
    const splits: Record<string, CorpusSplit> = {};
    const opened: ParquetFile[] = [];
    for (const [split, names] of Object.entries(filesBySplit(files))) {
      const parts = await Promise.all(names.map((name) => openParquet(dir, name)));
      splits[split] = { files: names, count: parts.reduce((sum, { metadata }) => sum + Number(metadata.num_rows), 0) };
      opened.push(...parts);
    }
    const [first] = opened;
    if (!first) return undefined;
    const classNames = classNamesOf(first);
    for (const file of opened) {
      const others = classNamesOf(file);
      if (JSON.stringify(others) !== JSON.stringify(classNames)) {
        throw new CorpusError(
          { file: file.name },
          `has ${others?.length ?? 'no'} class names that differ from the ${classNames?.length ?? 0} of ${first.name}`,
        );
      }
    }
    return { splits, classNames: classNames ?? (await numbersAsNames(opened)), otherFiles: [] };
  },

  async *read(corpus, split, from) {
    let row = 0;
    for (const name of corpus.splits[split]?.files ?? []) {
      const file = await openParquet(corpus.dir, name);
      for (const [rowGroup, { num_rows }] of file.metadata.row_groups.entries()) {
        const firstRow = row;
        row += Number(num_rows);
        if (row <= from) continue;
        for (const [i, values] of (await readRowGroup(file, rowGroup, ['image', 'label'])).entries()) {
          if (firstRow + i >= from) yield toRow(values, { file: name, rowGroup, row: firstRow + i }, corpus);
        }
      }
    }
  },

  async *inspect({ dir, splits, classNames }, split) {
    let row = 0;
    for (const name of splits[split]?.files ?? []) {
      const file = await openParquet(dir, name);
      const firstRow = row;
      for (const rowGroup of file.metadata.row_groups.keys()) {
        for (const { label } of await readRowGroup(file, rowGroup, ['label'])) {
          toLabel(label, { file: name, rowGroup, row: row++ }, classNames);
        }
      }
      const [first] = isCheapToRead(file) ? await readRowGroup(file, 0, ['image'], 1) : [];
      if (!first) continue;
      const place = { file: name, rowGroup: 0, row: firstRow };
      const image = imageOf(first, place);
      try {
        yield { ...place, ...readImageHeader(image) };
      } catch (cause) {
        throw atPlace(place, cause);
      }
    }
  },

  async rewriteFile(corpus, name, firstRow, replacements, outputDir, onRows) {
    const file = await openParquet(corpus.dir, name);
    await rewriteParquet(file, join(outputDir, name), (row) => replacements.get(firstRow + row), onRows);
  },
};

/** @throws CorpusError if a file of a split is missing, or a split is there twice */
function filesBySplit(files: readonly string[]): Record<string, readonly string[]> {
  const splits: Record<string, string[]> = {};
  for (const file of files) {
    const [, split, number] = shardName.exec(file) ?? [];
    if (split === undefined) continue;
    const names = (splits[split] ??= []);
    if (Number(number) !== names.length || (names[0] ?? file).slice(-13) !== file.slice(-13)) {
      const due = String(names.length).padStart(5, '0');
      const of = shardName.exec(names[0] ?? file)?.[3];
      throw new CorpusError({ file }, `comes where ${split}-${due}-of-${of}.parquet is due: one is missing or twice`);
    }
    names.push(file);
  }
  for (const names of Object.values(splits)) {
    const last = names.at(-1) ?? '';
    const total = Number(shardName.exec(last)?.[3]);
    if (names.length !== total) {
      throw new CorpusError(
        { file: last },
        `is the last of ${names.length} files; its name says that there are ${total}`,
      );
    }
  }
  return splits;
}

/** No data set has as many; it is taken for no class number. */
const maxClasses = 100_000;

/** Class names where none are given: the labels' numbers, up to the largest. */
async function numbersAsNames(files: readonly ParquetFile[]): Promise<string[]> {
  let largest = -1;
  for (const file of files) {
    for (const rowGroup of file.metadata.row_groups.keys()) {
      for (const { label } of await readRowGroup(file, rowGroup, ['label'])) {
        if (label !== null && label >= maxClasses) {
          const rule = `labels are class numbers from 0, below ${maxClasses}, where the file names no classes`;
          throw new CorpusError({ file: file.name, rowGroup }, `a label is ${label}; ${rule}`);
        }
        largest = Math.max(largest, Number(label));
      }
    }
  }
  return Array.from({ length: largest + 1 }, (_, label) => String(label));
}

/** Bytes that are read for the sake of one image, as a column of a row group is read whole. */
const cheapBytes = 64 * 2 ** 20;

function isCheapToRead({ metadata }: ParquetFile): boolean {
  const columns = metadata.row_groups[0]?.columns.filter(({ meta_data }) => meta_data?.path_in_schema[0] === 'image');
  return (columns ?? []).every(({ meta_data }) => (meta_data?.total_uncompressed_size ?? 0n) <= cheapBytes);
}

function toRow(
  values: ParquetRow,
  place: { file: string; rowGroup: number; row: number },
  { classNames }: CorpusFiles,
): CorpusRow {
  const label = toLabel(values.label, place, classNames);
  return { ...place, image: imageOf(values, place), label };
}

function imageOf(
  { image: value }: Pick<ParquetRow, 'image'>,
  place: { file: string; rowGroup: number; row: number },
): Uint8Array {
  const image = value instanceof Uint8Array ? value : value?.bytes;
  if (image) return image;
  throw new CorpusError(place, 'the image is null; image.bytes must hold a PNG or JPEG file');
}
