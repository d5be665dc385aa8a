import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeCorpus } from './describe-corpus.ts';
import { encodePng } from './encode-png.ts';
import { decodeRow, readRows } from './read-rows.ts';
import type { Corpus } from './types.ts';

const parquet = fileURLToPath(
  new URL('../../test/fixtures/parquet/datasets/train-00000-of-00001.parquet', import.meta.url),
);
const png = encodePng(new Uint8Array(12), 2, 2);

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'corpus-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function add(name: string, content: Uint8Array | string = png): Promise<void> {
  await mkdir(dirname(join(dir, name)), { recursive: true });
  await writeFile(join(dir, name), content);
}

async function labels(corpus: Corpus, split: string): Promise<[string, number][]> {
  const rows: [string, number][] = [];
  for await (const { file, label } of readRows(corpus, split)) rows.push([file, label]);
  return rows;
}

test('Parquet files in data/, and their splits', async () => {
  await mkdir(join(dir, 'data'));
  for (const name of ['train-00000-of-00002', 'train-00001-of-00002', 'test-00000-of-00001']) {
    await cp(parquet, join(dir, 'data', `${name}.parquet`));
  }
  const { layout, splits, classNames } = await describeCorpus(dir);
  expect({ layout, splits, classNames }).toEqual({
    layout: 'parquet',
    splits: {
      test: { files: ['data/test-00000-of-00001.parquet'], count: 25 },
      train: { files: ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet'], count: 50 },
    },
    classNames: ['ant', 'bee', 'cat'],
  });
});

test.each([
  [['train-00000-of-00002', 'train-00001-of-00003'], 'train-00001-of-00003.parquet: comes where'],
  [['train-00001-of-00002'], 'train-00000-of-00002.parquet is due'],
  [['train-00000-of-00002'], 'its name says that there are 2'],
])('refuses a set of files with a gap: %p', async (names, problem) => {
  for (const name of names) await cp(parquet, join(dir, `${name}.parquet`));
  await expect(describeCorpus(dir)).rejects.toThrow(problem);
});

test('a folder for each class, with splits', async () => {
  for (const name of ['train/dog/1.png', 'train/cat/b.JPG', 'train/cat/a.jpeg', 'val/dog/9.png', 'notes.txt'])
    await add(name);
  const corpus = await describeCorpus(dir);
  expect(corpus).toMatchObject({ layout: 'image-folder', classNames: ['cat', 'dog'] });
  expect(await labels(corpus, 'train')).toEqual([
    ['train/cat/a.jpeg', 0],
    ['train/cat/b.JPG', 0],
    ['train/dog/1.png', 1],
  ]);
  expect(await labels(corpus, 'validation')).toEqual([['val/dog/9.png', 1]]);
});

test('a folder for each class, at once', async () => {
  for (const name of ['dog/1.png', 'cat/2.png']) await add(name);
  const corpus = await describeCorpus(dir);
  expect(await labels(corpus, 'train')).toEqual([
    ['cat/2.png', 0],
    ['dog/1.png', 1],
  ]);
});

const cifarRecord = (...labelBytes: number[]): Buffer =>
  Buffer.concat([Buffer.from(labelBytes), Buffer.alloc(1024, 10), Buffer.alloc(1024, 20), Buffer.alloc(1024, 30)]);

test('CIFAR-10: planes of colour become pixels', async () => {
  for (const n of [1, 2, 3, 4, 5])
    await add(`data_batch_${n}.bin`, Buffer.concat([cifarRecord(n % 2), cifarRecord(1)]));
  await add('test_batch.bin', cifarRecord(0));
  await add('batches.meta.txt', 'airplane\nbird\n\n');
  const corpus = await describeCorpus(dir);
  expect(corpus).toMatchObject({
    layout: 'cifar-10',
    classNames: ['airplane', 'bird'],
    splits: { train: { count: 10 } },
  });
  expect((await labels(corpus, 'train')).map(([, label]) => label)).toEqual([1, 1, 0, 1, 1, 1, 0, 1, 1, 1]);
  for await (const row of readRows(corpus, 'test')) {
    expect(await decodeRow(row)).toEqual({
      height: 32,
      width: 32,
      pixels: Uint8Array.from({ length: 3072 }, (_, i) => [10, 20, 30][i % 3] ?? 0),
    });
  }
});

test('CIFAR-100: fine labels; a label without a name and a file that is cut off are refused', async () => {
  await add('train.bin', Buffer.concat([cifarRecord(7, 1), cifarRecord(7, 2)]));
  await add('test.bin', cifarRecord(7, 0));
  await add('fine_label_names.txt', 'apple\nbear\n');
  const corpus = await describeCorpus(dir);
  expect(await labels(corpus, 'test')).toEqual([['test.bin', 0]]);
  await expect(labels(corpus, 'train')).rejects.toThrow(
    'train.bin, row 1 of the split: the label is 2; labels are 0 to 1',
  );
  await add('train.bin', cifarRecord(7, 1).subarray(1));
  await expect(describeCorpus(dir)).rejects.toThrow('train.bin: has 3073 bytes, no multiple of 3074: it is cut off');
  await rm(join(dir, 'test.bin'));
  await expect(describeCorpus(dir)).rejects.toThrow('test.bin: is missing beside train.bin');
});

test('the digest follows names and contents of what belongs to the corpus, and nothing else', async () => {
  for (const name of ['dog/1.png', 'cat/2.png']) await add(name);
  const { digest } = await describeCorpus(dir);
  for (const name of ['README.md', '.hidden/x.png']) await add(name);
  expect((await describeCorpus(dir)).digest).toBe(digest);
  await rename(join(dir, 'dog/1.png'), join(dir, 'dog/3.png'));
  const renamed = (await describeCorpus(dir)).digest;
  await add('dog/3.png', encodePng(new Uint8Array(12).fill(1), 2, 2));
  expect(new Set([digest, renamed, (await describeCorpus(dir)).digest]).size).toBe(3);
});

test('links inside the folder are followed, links out of it are refused', async () => {
  await add('dog/1.png');
  await symlink('1.png', join(dir, 'dog/2.png'));
  expect((await describeCorpus(dir)).splits['train']?.count).toBe(2);
  await symlink(parquet, join(dir, 'dog/3.png'));
  await expect(describeCorpus(dir)).rejects.toThrow('has a link dog/3.png to');
});

test('a pipe, whose end nobody would ever read, is refused', async () => {
  await add('dog/1.png');
  execFileSync('mkfifo', [join(dir, 'dog/2.png')]);
  await expect(describeCorpus(dir)).rejects.toThrow('has dog/2.png, which is neither a file nor a folder');
});

test.each(['train/1.png', 'train/dog/more/1.png', 'train/dog/1.webp'])(
  'an image that would silently be left out is refused: %s',
  async (stray) => {
    for (const name of ['train/dog/1.png', 'docs/preview.png', stray]) await add(name);
    await expect(describeCorpus(dir)).rejects.toThrow(`corpus: ${stray}: would be left out; images are *.png`);
  },
);

test('a folder that holds no corpus is answered by what would be valid', async () => {
  await add('image.png');
  await expect(describeCorpus(dir)).rejects.toThrow(/holds no corpus \(1 files\); valid are Parquet files train-/);
  await expect(describeCorpus(join(dir, 'image.png'))).rejects.toThrow('is a file, not a folder');
  await expect(describeCorpus(join(dir, 'none'))).rejects.toMatchObject({
    name: 'CorpusNotFoundError',
    retryable: false,
  });
});
