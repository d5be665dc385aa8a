import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pythonVenv } from '@radiotracer/testing';
import type { Progress } from '@radiotracer/store';
import { describeCorpus } from './describe-corpus.ts';
import { encodePng } from './encode-png.ts';
import { decodeRow, readRows } from './read-rows.ts';
import { rewriteCorpus } from './rewrite-corpus.ts';
import type { Corpus } from './types.ts';

const fixtures = fileURLToPath(new URL('../../test/', import.meta.url));
const trainFile = 'train-00000-of-00001.parquet';
const png = encodePng(new Uint8Array(8 * 8 * 3).fill(99), 8, 8);

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rewrite-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function pixels(corpus: Corpus, split: string): Promise<string[]> {
  const rows: string[] = [];
  for await (const row of readRows(corpus, split)) {
    rows.push(`${row.label} ${Buffer.from((await decodeRow(row)).pixels).toString('hex')}`);
  }
  return rows;
}

test.each([
  'datasets',
  'pyarrow-more-columns',
  'pyarrow-page-v2',
  'pyarrow-none',
  'pyarrow-no-names',
  'pyarrow-binary-column',
])('%s: pyarrow and DuckDB find the replaced images changed, and nothing else', async (name) => {
  const python = await pythonVenv(['duckdb==1.4.2', 'pyarrow==22.0.0']);
  const corpus = await describeCorpus(join(fixtures, 'fixtures/parquet', name));
  const replaced = [0, 3, 13, 24];
  const replacements = new Map(replaced.map((row) => [row, png]));
  const written = await rewriteCorpus({ corpus, split: 'train', replacements, outputDir: dir });
  expect(written.digest).not.toBe(corpus.digest);
  const script = join(fixtures, 'compare-corpora.py');
  const files = [join(corpus.dir, trainFile), join(dir, trainFile)];
  expect(JSON.parse(execFileSync(python, [script, ...files], { encoding: 'utf8' }))).toEqual({
    sameSchema: true,
    sameRowGroups: true,
    sameOtherColumns: true,
    sameOtherColumnsInDuckdb: true,
    changedRows: replaced,
    changedRowsInDuckdb: replaced,
  });
});

test('a row is counted over all files of the split; card, other splits and other files are copied', async () => {
  const source = join(dir, 'source');
  const outputDir = join(dir, 'published');
  const file = join(fixtures, 'fixtures/parquet/datasets', trainFile);
  await mkdir(join(source, 'data'), { recursive: true });
  for (const name of ['train-00000-of-00002', 'train-00001-of-00002', 'test-00000-of-00001']) {
    await cp(file, join(source, 'data', `${name}.parquet`));
  }
  await writeFile(join(source, 'README.md'), '# Card');
  const corpus = await describeCorpus(source);
  const reported: Progress[] = [];
  const report = (progress: Progress): unknown => reported.push(progress);
  const written = await rewriteCorpus({
    corpus,
    split: 'train',
    replacements: new Map([[30, png]]),
    outputDir,
    report,
  });
  expect(reported.at(-1)).toEqual({ done: 50, total: 50, unit: 'images' });
  const [before, after] = [await pixels(corpus, 'train'), await pixels(written, 'train')];
  expect(before.flatMap((row, i) => (row === after[i] ? [] : [i]))).toEqual([30]);
  for (const name of ['README.md', 'data/test-00000-of-00001.parquet']) {
    expect((await readFile(join(outputDir, name))).equals(await readFile(join(source, name)))).toBe(true);
  }
});

test('the form of a file does not tell which of its row groups were touched', async () => {
  const corpus = await describeCorpus(join(fixtures, 'fixtures/parquet/pyarrow-snappy'));
  let same: Uint8Array | undefined;
  for await (const row of readRows(corpus, 'train')) if (row.row === 3) same = row.image as Uint8Array;
  if (!same) throw new Error('no row 3');
  const [one, other] = [join(dir, 'one'), join(dir, 'other')];
  await rewriteCorpus({ corpus, split: 'train', replacements: new Map([[3, same]]), outputDir: one });
  await rewriteCorpus({ corpus, split: 'train', replacements: new Map(), outputDir: other });
  expect((await readFile(join(one, trainFile))).equals(await readFile(join(other, trainFile)))).toBe(true);
});

test('class folders: the order of rows stays, the extension follows the format', async () => {
  const source = join(dir, 'source');
  for (const name of ['cat', 'dog']) await mkdir(join(source, 'train', name), { recursive: true });
  const jpeg = await readFile(join(fixtures, 'fixtures/images/rgb-420.jpg'));
  for (const name of ['cat/a.jpg', 'cat/b.jpg', 'dog/c.jpg']) await writeFile(join(source, 'train', name), jpeg);
  const corpus = await describeCorpus(source);
  const outputDir = join(dir, 'published');
  const written = await rewriteCorpus({ corpus, split: 'train', replacements: new Map([[1, png]]), outputDir });
  expect(written.splits['train']?.files).toEqual(['train/cat/a.jpg', 'train/cat/b.png', 'train/dog/c.jpg']);
  expect((await readFile(join(outputDir, 'train/cat/b.png'))).equals(png)).toBe(true);
  expect(await readdir(join(outputDir, 'train/cat'))).toEqual(['a.jpg', 'b.png']);
});

test('CIFAR binaries hold the new pixels', async () => {
  const source = join(dir, 'source');
  await mkdir(source);
  const record = (label: number): Buffer => Buffer.concat([Buffer.from([9, label]), Buffer.alloc(3072, label + 50)]);
  await writeFile(join(source, 'train.bin'), Buffer.concat([record(0), record(1)]), { mode: 0o444 });
  await writeFile(join(source, 'test.bin'), record(0));
  await writeFile(join(source, 'fine_label_names.txt'), 'apple\nbear\n');
  const corpus = await describeCorpus(source);
  const outputDir = join(dir, 'published');
  const image = Uint8Array.from({ length: 3072 }, (_, i) => i % 251);
  const replacements = new Map([[1, encodePng(image, 32, 32)]]);
  const written = await rewriteCorpus({ corpus, split: 'train', replacements, outputDir });
  const [first] = await pixels(corpus, 'train');
  expect(await pixels(written, 'train')).toEqual([first, `1 ${Buffer.from(image).toString('hex')}`]);
  const tooSmall = rewriteCorpus({ corpus, split: 'train', replacements: new Map([[0, png]]), outputDir });
  await expect(tooSmall).rejects.toThrow("CIFAR's images are 32×32, the new one is 8×8");
});

test('refuses rows and splits that are not there', async () => {
  const corpus = await describeCorpus(join(fixtures, 'fixtures/parquet/datasets'));
  const replacements = new Map([[25, png]]);
  await expect(rewriteCorpus({ corpus, split: 'train', replacements, outputDir: dir })).rejects.toThrow(
    'row 25 is outside [0, 25) of train',
  );
  await expect(rewriteCorpus({ corpus, split: 'val', replacements, outputDir: dir })).rejects.toThrow('no split "val"');
});
