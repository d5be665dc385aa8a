import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Progress, StageContext } from '@radiotracer/store';
import { describeCorpus } from './describe-corpus.ts';
import { encodePng } from './encode-png.ts';
import { ImageShards } from './image-shards.ts';
import { ingest } from './ingest.ts';
import { ParquetImageWriter } from './parquet-writer.ts';
import { decodeRow, readRows } from './read-rows.ts';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const fixtures = fileURLToPath(new URL('../../test/fixtures/parquet/', import.meta.url));

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ingest-'));
});
afterEach(() => rm(dir, { recursive: true }));

function context(corpus: string, reported: Progress[] = []): StageContext {
  const folders = { outputDir: join(dir, 'shards'), scratchDir: join(dir, 'scratch'), logDir: join(dir, 'logs') };
  for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folders.scratchDir);
  return {
    ...folders,
    locations: { corpus },
    open: () => Promise.reject(new Error('opens nothing')),
    report: (progress) => reported.push(progress),
    signal: new AbortController().signal,
  };
}

async function run(corpus: string, size: { height?: number; width?: number } = {}): Promise<ImageShards> {
  const { digest } = await describeCorpus(corpus);
  await ingest.run({ source: { digest }, split: 'train', ...size }, context(corpus));
  return ImageShards.open(join(dir, 'shards'));
}

test('shards hold the decoded rows in their order', async () => {
  const dir = `${fixtures}pyarrow-snappy`;
  const corpus = await describeCorpus(dir);
  const reported: Progress[] = [];
  const facts = await ingest.run({ source: { digest: corpus.digest }, split: 'train' }, context(dir, reported));
  expect(facts).toEqual({ count: 25, height: 8, width: 8, classNames: ['ant', 'bee', 'cat'], shards: 1 });
  expect(reported.at(-1)).toEqual({ done: 25, total: 25, unit: 'images' });
  const shards = await run(dir);
  for await (const row of readRows(corpus, 'train')) {
    expect(Buffer.from(shards.read([row.row])).equals((await decodeRow(row)).pixels)).toBe(true);
    expect(shards.labels[row.row]).toBe(row.label);
  }
  shards.close();
});

test('refuses a corpus that is not the one that was meant', async () => {
  const source = { digest: '0'.repeat(64) };
  await expect(ingest.run({ source, split: 'train' }, context(`${fixtures}datasets`))).rejects.toThrow(
    /has the digest [0-9a-f]{64}, not 0{64}: it changed, or is another/,
  );
});

test('images of several sizes need height and width; the shorter side is scaled, the middle kept', async () => {
  const corpus = join(dir, 'corpus');
  await mkdir(join(corpus, 'cat'), { recursive: true });
  // Left to right: 8 black columns, 8 grey, 8 white.
  const wide = Uint8Array.from({ length: 8 * 24 * 3 }, (_, i) => Math.floor((i % 72) / 24) * 100);
  await writeFile(join(corpus, 'cat', '1.png'), encodePng(wide, 8, 24));
  await writeFile(join(corpus, 'cat', '2.png'), encodePng(new Uint8Array(4 * 4 * 3).fill(7), 4, 4));
  await expect(run(corpus)).rejects.toMatchObject({
    name: 'ImageSizeError',
    retryable: false,
    message:
      'corpus: row 1 (cat/2.png) is 4×4, all before it are 8×24; bring the images to one size first, or, ' +
      'where a program calls ingest, give it `height` and `width`, to which it scales and crops them',
  });
  const shards = await run(corpus, { height: 8, width: 8 });
  expect([...new Set(shards.read([0]))]).toEqual([100]);
  expect([...new Set(shards.read([1]))]).toEqual([7]);
  shards.close();
});

test('an image that only decoding finds out ends the stage with its row, and leaves no set of shards', async () => {
  const corpus = join(dir, 'corpus');
  await mkdir(corpus);
  const bomb = Buffer.from(encodePng(new Uint8Array(12), 2, 2));
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  for (const [image, problem] of [
    [bomb, 'the image claims to be 60000×60000, 3,600,000,000 pixels; valid are 1 to 50,000,000'],
    [Buffer.from('no image'), 'an image must be a whole PNG or JPEG file; its 8 bytes start with 6e6f2069'],
    [encodePng(new Uint8Array(12), 2, 2).subarray(0, 60), 'the image cannot be decoded'],
  ] as const) {
    const writer = new ParquetImageWriter(join(corpus, 'train-00000-of-00001.parquet'), ['cat', 'dog']);
    for (let row = 0; row < 300; row++)
      await writer.append(row === 222 ? image : encodePng(new Uint8Array(12), 2, 2), 0);
    await writer.close();
    await expect(run(corpus)).rejects.toMatchObject({
      name: 'CorpusError',
      retryable: false,
      message: expect.stringContaining(`train-00000-of-00001.parquet, row group 2, row 222 of the split: ${problem}`),
    });
    await expect(ImageShards.open(join(dir, 'shards'))).rejects.toThrow('corpus.json');
  }
});

test('threads keep the order of many images, and name the first that is damaged', async () => {
  const corpus = join(dir, 'corpus');
  await mkdir(join(corpus, 'cat'), { recursive: true });
  const image = (i: number) => encodePng(new Uint8Array(2 * 2 * 3).fill(i % 256), 2, 2);
  for (let i = 0; i < 1100; i++) await writeFile(join(corpus, 'cat', `${1000 + i}.png`), image(i));
  const shards = await run(corpus);
  expect(Array.from({ length: 1100 }, (_, i) => shards.read([i])[0])).toEqual(
    Array.from({ length: 1100 }, (_, i) => i % 256),
  );
  shards.close();
  for (const i of [700, 300]) await writeFile(join(corpus, 'cat', `${1000 + i}.png`), image(i).subarray(0, 60));
  const { digest } = await describeCorpus(corpus);
  await expect(ingest.run({ source: { digest }, split: 'train' }, context(corpus))).rejects.toMatchObject({
    name: 'CorpusError',
    row: 300,
    cause: { name: 'ImageDecodeError' },
    message: expect.stringContaining('cat/1300.png, row 300 of the split: the image cannot be decoded'),
  });
});

test('memory does not grow with the corpus', async () => {
  const script = fileURLToPath(new URL('../../test/ingest-generated.ts', import.meta.url));
  const peakMb = async (images: number): Promise<number> => {
    const folder = join(dir, String(images));
    await mkdir(folder);
    const flags = ['--conditions=@radiotracer/source', '--import', 'tsx'];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, folder, String(images)]);
    return Number(stdout);
  };
  const small = await peakMb(3000); // threads and their memory are all there
  const large = await peakMb(12_000);
  console.log(`peak resident memory: ${small} MB for 3,000 images of 27 kB, ${large} MB for 12,000`);
  expect(large - small).toBeLessThan(100); // 12,000 are 330 MB
});

const cifar10 = join(process.env['RADIOTRACER_DATA'] ?? join(repository, '../shared/data'), 'cifar10');
if (!existsSync(cifar10))
  console.log(`skips the real CIFAR-10: there is no ${cifar10}; RADIOTRACER_DATA names its folder`);
(existsSync(cifar10) ? test : test.skip)('reads the real CIFAR-10', async () => {
  const corpus = await describeCorpus(cifar10);
  expect(corpus.splits).toMatchObject({ train: { count: 50_000 }, test: { count: 10_000 } });
  const perClass = new Array(10).fill(0);
  for await (const { label } of readRows(corpus, 'train')) perClass[label]++;
  expect(perClass).toEqual(new Array(10).fill(5000));
  const { digest } = corpus;
  const facts = await ingest.run({ source: { digest }, split: 'test' }, context(cifar10));
  expect(facts).toMatchObject({ count: 10_000, height: 32, width: 32, shards: 1 });
});
