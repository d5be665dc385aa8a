import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { parquetSchema } from 'hyparquet';
import { sha256File } from '@radiotracer/store';
import type { CroissantDataset } from './croissant.ts';
import type { DatasetCard } from './dataset-card.ts';
import { openParquet } from './parquet-file.ts';
import type { Corpus } from './types.ts';

/** What metadata say of the splits of a corpus, card and Croissant each a part of it. */
export interface DescribedSplits {
  readonly splits: readonly (DatasetCard['splits'][number] & CroissantDataset['splits'][number])[];
  readonly imagesIn: CroissantDataset['imagesIn'];
  readonly hasMoreColumns: boolean;
}

/** Of a corpus of Parquet files, which are all hashed. */
export async function describeParquet({ dir, splits }: Corpus): Promise<DescribedSplits> {
  const columns: { name: string; isStruct: boolean }[] = [];
  const described: DescribedSplits['splits'][number][] = [];
  for (const [name, { files: names, count }] of Object.entries(splits)) {
    const files: { name: string; sizeBytes: number; sha256: string }[] = [];
    let sizeBytes = 0;
    for (const file of names) {
      const { metadata } = await openParquet(dir, file);
      sizeBytes += metadata.row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0);
      for (const { element, children } of parquetSchema(metadata).children) {
        columns.push({ name: element.name, isStruct: children.length > 0 });
      }
      const path = join(dir, file);
      files.push({ name: file, sizeBytes: (await stat(path)).size, sha256: await sha256File(path) });
    }
    const patterns = [(names[0] ?? '').replace(/-\d{5}-of-/, '-*-of-')];
    described.push({ name, images: count, sizeBytes, patterns, formats: ['application/x-parquet'], files });
  }
  const isStruct = columns.some((column) => column.name === 'image' && column.isStruct);
  const hasMoreColumns = columns.some(({ name }) => name !== 'image' && name !== 'label');
  return { splits: described, imagesIn: isStruct ? 'struct' : 'column', hasMoreColumns };
}

/** Of a corpus in class folders, whose files are too many to be named one by one. */
export async function describeImageFolder({ dir, splits }: Corpus): Promise<DescribedSplits> {
  const described: DescribedSplits['splits'][number][] = [];
  for (const [name, { files, count }] of Object.entries(splits)) {
    let sizeBytes = 0;
    for (const file of files) sizeBytes += (await stat(join(dir, file))).size;
    const patterns = new Set(files.map(patternOf));
    const formats = new Set(files.map((file) => (/\.png$/i.test(file) ? 'image/png' : 'image/jpeg')));
    described.push({ name, images: count, sizeBytes, patterns: [...patterns], formats: [...formats], files: [] });
  }
  return { splits: described, imagesIn: 'class-folders', hasMoreColumns: false };
}

/** Of the images beside it, and in the folders beside its own. `datasets` passes over folders in `__` unless a pattern has it. */
function patternOf(file: string): string {
  const folders = posix.basename(posix.dirname(file)).startsWith('__') ? '__*' : '*';
  return posix.join(file, '../..', folders, `*${posix.extname(file)}`);
}
