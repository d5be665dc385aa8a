import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { StageContext } from '@radiotracer/store';
import { parse } from 'yaml';
import { describeCorpus } from './describe-corpus.ts';
import { CorpusSettingsError } from './errors.ts';
import { generate } from './generate.ts';
import { imageGenerator } from './image-generator.ts';
import { decodeRow, readRows } from './read-rows.ts';

const input = { classes: 3, trainImages: 230, testImages: 40, size: 16, seed: 5 };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'generate-'));
});
afterEach(() => rm(dir, { recursive: true }));

const context = (overrides: Partial<StageContext> = {}): StageContext => ({
  outputDir: dir,
  scratchDir: dir,
  logDir: dir,
  locations: {},
  open: () => Promise.reject(new Error('opens nothing')),
  report: () => undefined,
  signal: new AbortController().signal,
  ...overrides,
});

test('writes a corpus in the Hugging Face layout that holds the images of the formula', async () => {
  const facts = await generate.run(input, context());
  const corpus = await describeCorpus(join(dir, 'corpus'));
  expect(facts).toEqual({ ...input, digest: corpus.digest });
  expect(corpus).toMatchObject({ layout: 'parquet', classNames: ['fractal-0', 'fractal-1', 'fractal-2'] });
  const image = imageGenerator(input);
  for (const [split, count] of [
    ['train', 230],
    ['test', 40],
  ] as const) {
    expect(corpus.splits[split]?.count).toBe(count);
    for await (const row of readRows(corpus, split)) {
      const { pixels, label } = image(split, row.row);
      expect(row.label).toBe(label);
      expect(Buffer.from(pixels).equals((await decodeRow(row)).pixels)).toBe(true);
    }
  }
  const card = await readFile(join(dir, 'corpus', 'README.md'), 'utf8');
  expect(parse(card.split('---')[1] ?? '')).toMatchObject({
    dataset_info: {
      splits: [
        { name: 'train', num_examples: 230 },
        { name: 'test', num_examples: 40 },
      ],
    },
    configs: [
      {
        data_files: [
          { split: 'train', path: 'train-*.parquet' },
          { split: 'test', path: 'test-*.parquet' },
        ],
      },
    ],
  });
  expect(await readdir(join(dir, 'corpus'))).toEqual([
    'README.md',
    'test-00000-of-00001.parquet',
    'train-00000-of-00001.parquet',
  ]);
});

test('stops when it is told to', async () => {
  const abort = new AbortController();
  const report = (): void => abort.abort(new Error('told to stop'));
  await expect(generate.run(input, context({ report, signal: abort.signal }))).rejects.toThrow('told to stop');
});

test.each([
  [{ ...input, classes: 1 }, 'classes must be an integer of at least 2, got 1'],
  [{ ...input, size: 8.5 }, 'size must be an integer of at least 8, got 8.5'],
])('refuses %p for good', async (bad, problem) => {
  const attempt = generate.run(bad, context());
  await expect(attempt).rejects.toThrow(CorpusSettingsError);
  await expect(attempt).rejects.toMatchObject({ message: `corpus: ${problem}`, retryable: false });
});
