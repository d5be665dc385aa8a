import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { describeCorpus } from './describe-corpus.ts';
import { openParquet } from './parquet-file.ts';
import { decodeRow, readRows } from './read-rows.ts';
import type { CorpusRow } from './types.ts';

const fixtures = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));
const { cases } = JSON.parse(readFileSync(`${fixtures}parquet.json`, 'utf8')) as {
  cases: Record<string, { classNames: string[]; labels: number[]; imageSha256: string[] }>;
};

async function read(name: string): Promise<{ classNames: readonly string[]; rows: CorpusRow[] }> {
  const corpus = await describeCorpus(`${fixtures}parquet/${name}`);
  const rows: CorpusRow[] = [];
  for await (const row of readRows(corpus, 'train')) {
    await decodeRow(row);
    rows.push(row);
  }
  expect(corpus.splits['train']?.count).toBe(rows.length);
  return { classNames: corpus.classNames, rows };
}

test.each(Object.entries(cases))('%s is read as it was written', async (name, expected) => {
  const { classNames, rows } = await read(name);
  expect({
    classNames,
    labels: rows.map(({ label }) => label),
    imageSha256: rows.map(({ image }) =>
      createHash('sha256')
        .update(image as Uint8Array)
        .digest('hex'),
    ),
  }).toEqual(expected);
  expect(rows.map(({ row }) => row)).toEqual([...rows.keys()]);
});

const at13 = { file: 'train-00000-of-00001.parquet', rowGroup: 1, row: 13 };
test.each([
  ['bad-label-null', at13, 'row group 1, row 13 of the split: the label is null; labels are 0 to 2'],
  ['bad-label-large', at13, 'the label is 3; labels are 0 to 2'],
  ['bad-label-negative', at13, 'the label is -1; labels are 0 to 2'],
  ['bad-image-null', at13, 'the image is null; image.bytes must hold a PNG or JPEG file'],
  ['bad-image-text', at13, 'must be a whole PNG or JPEG file; its 8 bytes start with 6e6f2069'],
  ['bad-image-cut', at13, 'the image cannot be decoded'],
  ['bad-columns', { row: undefined }, 'has the columns img: BYTE_ARRAY, label: BYTE_ARRAY; needs image: struct'],
  [
    'bad-cut-off',
    { row: undefined },
    'cannot be read as Parquet (parquet file invalid (footer != PAR1)): it is cut off',
  ],
  ['bad-page', { rowGroup: 1, row: undefined }, 'row group 1: cannot be read'],
])('%s: names the place, what was found, and what would be valid', async (name, place, problem) => {
  await expect(read(name)).rejects.toMatchObject({
    name: 'CorpusError',
    retryable: false,
    ...place,
    message: expect.stringContaining(problem),
  });
});

test('rows before one that is wrong are read; a split that is not there is refused', async () => {
  const corpus = await describeCorpus(`${fixtures}parquet/bad-label-null`);
  const seen: number[] = [];
  const all = async (): Promise<void> => {
    for await (const { row } of readRows(corpus, 'train')) seen.push(row);
  };
  await expect(all()).rejects.toThrow('row 13');
  expect(seen).toHaveLength(13);
  expect(() => readRows(corpus, 'test')).toThrow('has no split "test"; it has train');
});

test('a file that the system does not read counts as unread, not as damaged', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'radiotracer-parquet-'));
  const file = join(dir, 'train.parquet');
  await mkdir(file); // opens, but cannot be read
  const refused = { code: 'EISDIR', message: expect.stringContaining(`'${file}'`) };
  await expect(openParquet(dir, 'train.parquet')).rejects.toMatchObject(refused);
  await rm(dir, { recursive: true });
});
