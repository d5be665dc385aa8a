import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { encodePng } from './encode-png.ts';
import { findCorpus } from './find-corpus.ts';
import { inspectCorpus } from './inspect-corpus.ts';
import { ParquetImageWriter } from './parquet-writer.ts';
import type { ImageSize } from './types.ts';

const fixtures = fileURLToPath(new URL('../../test/fixtures/parquet/', import.meta.url));
const png = (height: number, width: number): Uint8Array => encodePng(new Uint8Array(height * width * 3), height, width);

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'corpus-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function add(name: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(dir, name)), { recursive: true });
  await writeFile(join(dir, name), content);
}

async function parquet(name: string, images: readonly Uint8Array[]): Promise<void> {
  const writer = new ParquetImageWriter(join(dir, name), ['cat', 'dog']);
  for (const image of images) await writer.append(image, 0);
  await writer.close();
}

async function inspect(folder = dir): Promise<Readonly<Record<string, ImageSize>>> {
  return inspectCorpus(await findCorpus(folder));
}

test('tells the size of the images of each split', async () => {
  for (const name of ['train/cat/1.png', 'train/dog/2.png']) await add(name, png(4, 6));
  await add('test/cat/1.png', png(8, 8));
  expect(await inspect()).toEqual({ train: { height: 4, width: 6 }, test: { height: 8, width: 8 } });
  expect(await inspect(`${fixtures}datasets`)).toEqual({ train: { height: 8, width: 8 } });
});

test('labels: every row is looked at', async () => {
  for (const [name, label] of [
    ['bad-label-null', 'null'],
    ['bad-label-large', '3'],
    ['bad-label-negative', '-1'],
  ] as const) {
    await expect(inspect(fixtures + name)).rejects.toMatchObject({
      name: 'CorpusError',
      message: `corpus: train-00000-of-00001.parquet, row group 1, row 13 of the split: the label is ${label}; labels are 0 to 2`,
    });
  }
});

test('images: the first of a Parquet file, with the row in the split', async () => {
  await parquet('train-00000-of-00002.parquet', [png(4, 4), png(4, 4), new Uint8Array()]); // the third is left to ingest
  await parquet('train-00001-of-00002.parquet', [png(4, 5)]);
  await expect(inspect()).rejects.toMatchObject({
    name: 'ImageSizeError',
    message: expect.stringContaining('row 3 (train-00001-of-00002.parquet) is 4×5, all before it are 4×4'),
  });
  await parquet('train-00001-of-00002.parquet', [new Uint8Array()]);
  await expect(inspect()).rejects.toMatchObject({ name: 'CorpusError', row: 3, rowGroup: 0 });
});

test('images: all of class folders', async () => {
  for (let i = 100; i < 200; i++) await add(`cat/${i}.png`, png(4, 4));
  await add('dog/1.png', 'no image');
  await expect(inspect()).rejects.toMatchObject({
    name: 'CorpusError',
    message:
      'corpus: dog/1.png, row 100 of the split: an image must be a whole PNG or JPEG file; its 8 bytes start with 6e6f2069',
  });
});

test('a number that is no class number is refused before an array of as many names is made', async () => {
  await cp(`${fixtures}pyarrow-no-names`, dir, { recursive: true });
  expect((await findCorpus(dir)).classNames).toEqual(['0', '1', '2']);
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer');
  const schema = [
    { name: 'schema', num_children: 2 },
    { name: 'image', type: 'BYTE_ARRAY' as const, repetition_type: 'OPTIONAL' as const },
    { name: 'label', type: 'INT64' as const, repetition_type: 'OPTIONAL' as const },
  ];
  const writer = new ParquetWriter({ writer: fileWriter(join(dir, 'train-00000-of-00001.parquet')), schema });
  await writer.write({
    columnData: [
      { name: 'image', data: [png(2, 2)] },
      { name: 'label', data: [2n ** 40n] },
    ],
  });
  await writer.finish();
  await expect(findCorpus(dir)).rejects.toThrow(
    'row group 0: a label is 1099511627776; labels are class numbers from 0, below 100000, where the file names no classes',
  );
});
