import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pythonVenv } from '@radiotracer/testing';
import type { Progress } from '@radiotracer/store';
import { decodeImage } from './decode-image.ts';
import { describeCorpus } from './describe-corpus.ts';
import { encodeJpeg } from './encode-jpeg.ts';
import { encodePng } from './encode-png.ts';
import { CorpusSettingsError } from './errors.ts';
import { ParquetImageWriter } from './parquet-writer.ts';
import { decodeRow, readRows } from './read-rows.ts';
import { rewriteCorpus } from './rewrite-corpus.ts';
import type { Corpus, DecodedImage } from './types.ts';

const fixtures = fileURLToPath(new URL('../../test/', import.meta.url));
const trainFile = 'train-00000-of-00001.parquet';
const grey: DecodedImage = { pixels: new Uint8Array(8 * 8 * 3).fill(99), height: 8, width: 8 };

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
  const replacements = new Map(replaced.map((row) => [row, grey]));
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

test('a row is counted over all files of the split; other splits stay', async () => {
  const source = join(dir, 'source');
  const outputDir = join(dir, 'published');
  const file = join(fixtures, 'fixtures/parquet/datasets', trainFile);
  await mkdir(join(source, 'data'), { recursive: true });
  for (const name of ['train-00000-of-00002', 'train-00001-of-00002', 'test-00000-of-00001']) {
    await cp(file, join(source, 'data', `${name}.parquet`));
  }
  const corpus = await describeCorpus(source);
  const reported: Progress[] = [];
  const report = (progress: Progress): unknown => reported.push(progress);
  const written = await rewriteCorpus({
    corpus,
    split: 'train',
    replacements: new Map([[30, grey]]),
    outputDir,
    report,
  });
  expect(reported.at(-1)).toEqual({ done: 50, total: 50, unit: 'images' });
  const [before, after] = [await pixels(corpus, 'train'), await pixels(written, 'train')];
  expect(before.flatMap((row, i) => (row === after[i] ? [] : [i]))).toEqual([30]);
  const test = 'data/test-00000-of-00001.parquet';
  expect((await readFile(join(outputDir, test))).equals(await readFile(join(source, test)))).toBe(true);
});

test('the form of a file does not tell which of its row groups were touched', async () => {
  const fixture = await describeCorpus(join(fixtures, 'fixtures/parquet/pyarrow-snappy'));
  const replacements = new Map([[3, grey]]);
  const corpus = await rewriteCorpus({ corpus: fixture, split: 'train', replacements, outputDir: join(dir, 'source') });
  const [one, other] = [join(dir, 'one'), join(dir, 'other')];
  await rewriteCorpus({ corpus, split: 'train', replacements, outputDir: one }); // the row as it is
  await rewriteCorpus({ corpus, split: 'train', replacements: new Map(), outputDir: other });
  expect((await readFile(join(one, trainFile))).equals(await readFile(join(other, trainFile)))).toBe(true);
});

test('class folders: the order of rows stays, a JPEG is replaced by a PNG', async () => {
  const source = join(dir, 'source');
  for (const name of ['cat', 'dog']) await mkdir(join(source, 'train', name), { recursive: true });
  const jpeg = await readFile(join(fixtures, 'fixtures/images/rgb-420.jpg'));
  for (const name of ['cat/a.jpg', 'cat/b.jpg', 'dog/c.jpg']) await writeFile(join(source, 'train', name), jpeg);
  const corpus = await describeCorpus(source);
  const outputDir = join(dir, 'published');
  const written = await rewriteCorpus({ corpus, split: 'train', replacements: new Map([[1, grey]]), outputDir });
  expect(written.splits['train']?.files).toEqual(['train/cat/a.jpg', 'train/cat/b.png', 'train/dog/c.jpg']);
  expect((await pixels(written, 'train'))[1]).toBe(`0 ${Buffer.from(grey.pixels).toString('hex')}`);
  expect((await readFile(join(outputDir, 'train/cat/b.png'))).toString('latin1', 1, 4)).toBe('PNG');
  expect(await readdir(join(outputDir, 'train/cat'))).toEqual(['a.jpg', 'b.png']);
});

test('a replacement that brings its file is written as it is, and the name follows its format', async () => {
  const source = join(dir, 'source');
  await mkdir(join(source, 'train', 'cat'), { recursive: true });
  const jpeg = await readFile(join(fixtures, 'fixtures/images/rgb-420.jpg'));
  for (const name of ['a.jpeg', 'b.jpg']) await writeFile(join(source, 'train/cat', name), jpeg);
  for (const name of ['c.png', 'd.png']) await writeFile(join(source, 'train/cat', name), encodePng(grey.pixels, 8, 8));
  const file = await encodeJpeg(grey, 75);
  const replacement = { ...(await decodeImage(file)), file };
  const corpus = await describeCorpus(source);
  const outputDir = join(dir, 'published');
  const replacements = new Map([0, 1, 2].map((row) => [row, replacement]));
  const written = await rewriteCorpus({ corpus, split: 'train', replacements, outputDir });
  expect(await readdir(join(outputDir, 'train/cat'))).toEqual(['a.jpeg', 'b.jpg', 'c.jpg', 'd.png']);
  for (const name of ['a.jpeg', 'b.jpg', 'c.jpg']) {
    expect((await readFile(join(outputDir, 'train/cat', name))).equals(file)).toBe(true);
  }
  expect((await pixels(written, 'train'))[1]).toBe(`0 ${Buffer.from(replacement.pixels).toString('hex')}`);
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
  const replacements = new Map([[1, { pixels: image, height: 32, width: 32 }]]);
  const written = await rewriteCorpus({ corpus, split: 'train', replacements, outputDir });
  const [first] = await pixels(corpus, 'train');
  expect(await pixels(written, 'train')).toEqual([first, `1 ${Buffer.from(image).toString('hex')}`]);
  const none = join(dir, 'none');
  const tooSmall = rewriteCorpus({ corpus, split: 'train', replacements: new Map([[0, grey]]), outputDir: none });
  await expect(tooSmall).rejects.toThrow("CIFAR's images are 32×32, the new one is 8×8");
  expect(existsSync(none)).toBe(false);
});

test('a generated corpus keeps its form: stored PNG files of one size', async () => {
  const source = join(dir, 'source');
  await mkdir(source);
  const writer = new ParquetImageWriter(join(source, trainFile), ['a', 'b']);
  for (let i = 0; i < 120; i++) await writer.append(encodePng(new Uint8Array(192).fill(i), 8, 8), i % 2);
  await writer.close();
  const corpus = await describeCorpus(source);
  const outputDir = join(dir, 'published');
  const written = await rewriteCorpus({ corpus, split: 'train', replacements: new Map([[7, grey]]), outputDir });
  const images: Uint8Array[] = [];
  for await (const { image } of readRows(written, 'train')) images.push(image as Uint8Array);
  expect(Buffer.from(images[7] ?? []).equals(encodePng(grey.pixels, 8, 8))).toBe(true);
  expect(new Set(images.map(({ length }) => length)).size).toBe(1);
});

test.each([
  ['a row that is not there', 'train', 25, grey, 'row 25 is outside [0, 25) of train'],
  ['a row that is no integer', 'train', 0.5, grey, 'row 0.5 is outside [0, 25) of train'],
  ['pixels of another size', 'train', 1, { ...grey, width: 9 }, '8×9×3 pixels are 216 bytes, got 192 for row 1'],
])('refuses %s for good, and writes nothing', async (_, split, row, image, problem) => {
  const corpus = await describeCorpus(join(fixtures, 'fixtures/parquet/datasets'));
  const attempt = rewriteCorpus({ corpus, split, replacements: new Map([[row, image]]), outputDir: dir });
  await expect(attempt).rejects.toThrow(CorpusSettingsError);
  await expect(attempt).rejects.toMatchObject({ message: `corpus: ${problem}`, retryable: false });
  expect(await readdir(dir)).toEqual([]);
});

test('refuses a split that is not there', async () => {
  const corpus = await describeCorpus(join(fixtures, 'fixtures/parquet/datasets'));
  const attempt = rewriteCorpus({ corpus, split: 'val', replacements: new Map(), outputDir: dir });
  await expect(attempt).rejects.toThrow('no split "val"');
});
