import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pythonVenv } from '@radiotracer/testing';
import { parse } from 'yaml';
import { describeCorpus } from './describe-corpus.ts';
import { encodeJpeg } from './encode-jpeg.ts';
import { encodePng } from './encode-png.ts';
import { decodeRow, readRows } from './read-rows.ts';
import { rewriteCorpus } from './rewrite-corpus.ts';
import type { Corpus } from './types.ts';
import { writeMetadata } from './write-metadata.ts';

const testFolder = fileURLToPath(new URL('../../test/', import.meta.url));
const grey = { pixels: new Uint8Array(8 * 8 * 3).fill(99), height: 8, width: 8 };
const about = 'Some images carry marks.';
const requirements = ['datasets==5.0.1', 'mlcroissant==1.1.1', 'pillow==12.0.0', 'pyarrow==22.0.0'];

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'metadata-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** A corpus of one of the fixtures' files under other names. */
async function corpusOf(name: string, files: readonly string[]): Promise<string> {
  const folder = join(dir, 'clean', name);
  const file = join(testFolder, 'fixtures/parquet', name, 'train-00000-of-00001.parquet');
  for (const to of files) await cp(file, join(folder, to), { recursive: true });
  return folder;
}

/** What is released of a corpus: two images of the first split are others, and the metadata are there. */
async function publish(folder: string, name: string): Promise<Corpus> {
  const replacements = new Map([1, 24].map((row) => [row, grey]));
  const corpus = await describeCorpus(folder);
  const released = await rewriteCorpus({ corpus, split: 'train', replacements, outputDir: join(dir, name) });
  await writeMetadata(released, about);
  return released;
}

/** What is released of a corpus in class folders, every image its own; the second of `train` is another. */
async function publishFolders(name: string, files: readonly string[]): Promise<Corpus> {
  const clean = join(dir, 'clean', name);
  for (const [i, file] of files.entries()) {
    const pixels = new Uint8Array(8 * 8 * 3).fill(20 * i);
    await mkdir(join(clean, file, '..'), { recursive: true });
    const image = /png$/i.test(file) ? encodePng(pixels, 8, 8) : await encodeJpeg({ pixels, height: 8, width: 8 }, 90);
    await writeFile(join(clean, file), image);
  }
  const corpus = await describeCorpus(clean);
  const replacements = new Map([[1, grey]]);
  const released = await rewriteCorpus({ corpus, split: 'train', replacements, outputDir: join(dir, name) });
  await writeMetadata(released, about);
  return released;
}

/** Readers take files in an order of their own. */
function sorted(splits: Record<string, [label: number, sha256: string][]>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(splits).map(([split, rows]) => [split, rows.map(String).sort()]));
}

async function rowsOf(corpus: Corpus): Promise<Record<string, [label: number, sha256: string][]>> {
  const splits: Record<string, [number, string][]> = {};
  for (const split of Object.keys(corpus.splits)) {
    const rows: [number, string][] = (splits[split] = []);
    for await (const row of readRows(corpus, split)) {
      rows.push([
        row.label,
        createHash('sha256')
          .update((await decodeRow(row)).pixels)
          .digest('hex'),
      ]);
    }
  }
  return splits;
}

const oneShard = ['train-00000-of-00001.parquet'];
const inData = ['data/test-00000-of-00001.parquet', ...[0, 1].map((i) => `data/train-0000${i}-of-00002.parquet`)];
const hasBoth = { image: 'Image', label: 'ClassLabel' };

test('mlcroissant finds no fault with it, and with datasets and pyarrow reads the images that were published', async () => {
  const python = await pythonVenv(requirements);
  const cases = [
    { name: 'datasets', files: inData, features: hasBoth },
    { name: 'pyarrow-more-columns', files: oneShard, features: expect.objectContaining(hasBoth) },
    { name: 'pyarrow-binary-column', files: oneShard, features: hasBoth },
  ];
  const released: Corpus[] = [];
  for (const { name, files } of cases) released.push(await publish(await corpusOf(name, files), name));
  const folders = released.map((corpus) => corpus.dir);
  const { stdout } = await promisify(execFile)(python, [join(testFolder, 'read-published.py'), ...folders]);
  for (const [i, found] of JSON.parse(stdout).entries()) {
    const corpus = released[i] as Corpus;
    const rows = await rowsOf(corpus);
    expect(found).toEqual({
      errors: [],
      // What only the publisher knows.
      warnings: ['citeAs', 'datePublished', 'license', 'version'].map((property) => expect.stringContaining(property)),
      classes: corpus.classNames,
      wrongHashes: [],
      files: cases[i]?.files,
      features: cases[i]?.features,
      names: corpus.classNames,
      rows: { mlcroissant: rows, datasets: rows, pyarrow: rows },
    });
  }
}, 300_000);

test('a card that is there stays to the byte, and gives title and licence', async () => {
  const card = '---\npretty_name: Ants\nlicense: cc-by-4.0\n---\n\nMine.\n';
  const folder = await corpusOf('datasets', oneShard);
  await writeFile(join(folder, 'README.md'), card);
  await publish(folder, 'published');
  expect(await readFile(join(dir, 'published', 'README.md'), 'utf8')).toBe(card);
  const croissant = JSON.parse(await readFile(join(dir, 'published', 'croissant.json'), 'utf8'));
  expect(croissant).toMatchObject({ name: 'Ants', license: 'cc-by-4.0' });
});

test.each(['no front matter', '---\nlicense: [unclosed\n---\n', '---\n- a list\n---\n', '---\n---\n', ''])(
  'a card of which nothing can be read does no harm: %p',
  async (card) => {
    const folder = await corpusOf('datasets', oneShard);
    await writeFile(join(folder, 'README.md'), card);
    await publish(folder, 'published');
    expect(await readFile(join(dir, 'published', 'README.md'), 'utf8')).toBe(card);
    const croissant = JSON.parse(await readFile(join(dir, 'published', 'croissant.json'), 'utf8'));
    expect(croissant.name).toBe('Images in 3 classes');
    expect(croissant.license).toBeUndefined();
  },
);

test('the metadata tell splits, sizes and classes, and the corpus is the same one with it', async () => {
  const released = await publish(await corpusOf('datasets', inData), 'published');
  const [, frontMatter, body] = (await readFile(join(released.dir, 'README.md'), 'utf8')).split('---\n');
  const { dataset_info: info, configs } = parse(frontMatter ?? '');
  const text = 'Images and the class of each, as Parquet files; splits: test (25 images), train (50 images).';
  expect(body).toBe(`\n# Images in 3 classes\n\n${text} ${about}\n`);
  expect(info.splits).toMatchObject([
    { name: 'test', num_examples: 25 },
    { name: 'train', num_examples: 50 },
  ]);
  expect(info.dataset_size).toBe(info.splits[0].num_bytes + info.splits[1].num_bytes);
  expect(info.features[1].dtype.class_label.names).toEqual(Object.fromEntries(released.classNames.entries()));
  expect(configs[0].data_files).toEqual([
    { split: 'test', path: 'data/test-*-of-00001.parquet' },
    { split: 'train', path: 'data/train-*-of-00002.parquet' },
  ]);
  const croissant = JSON.parse(await readFile(join(released.dir, 'croissant.json'), 'utf8'));
  expect(croissant.description).toBe(`${text} ${about}`);
  expect(await describeCorpus(released.dir)).toEqual(released);
});

test('the same corpus gives the same bytes, permissions and times in a folder of any name', async () => {
  const folder = await corpusOf('datasets', oneShard);
  const states = await Promise.all(
    ['published', 'elsewhere'].map(async (name) => {
      await publish(folder, name);
      const files = (await readdir(join(dir, name))).sort();
      return Promise.all(
        files.map(async (file) => {
          const { mode, mtimeMs } = await stat(join(dir, name, file));
          return { file, mode, mtimeMs, content: await readFile(join(dir, name, file), 'latin1') };
        }),
      );
    }),
  );
  expect(states[1]).toEqual(states[0]);
  expect(states[0]?.map(({ file }) => file)).toEqual(['README.md', 'croissant.json', ...oneShard]);
  expect(new Set(states[0]?.map(({ mode, mtimeMs }) => `${mode & 0o777} ${mtimeMs}`)).size).toBe(1);
});

test('mlcroissant and datasets read class folders, with and without folders of splits, as they were published', async () => {
  const python = await pythonVenv(requirements);
  const cases = [
    {
      name: 'splits',
      files: ['train/cat/1.png', 'train/cat/b b.jpg', 'train/ant/0.PNG', 'val/cat/3.jpeg', 'val/ant/1.png'],
    },
    { name: 'at-once', files: ['cat/1.png', 'cat/2.png', 'ant/7.png'] },
    { name: 'one-class', files: ['train/Zoë’s cat/1.png', 'train/Zoë’s cat/2.png'] },
    { name: 'special', files: ['__background/1.png', '[a]{b}/*.png', '007/what?.png', 'null/#%20.png'] },
    { name: 'two-folders', files: ['train/a/1.png', 'train/b/2.png', 'val/b/1.png', 'validation/a/1.png'] },
  ];
  const released: Corpus[] = [];
  for (const { name, files } of cases) released.push(await publishFolders(name, files));
  const folders = released.map((corpus) => corpus.dir);
  const { stdout } = await promisify(execFile)(python, [join(testFolder, 'read-published.py'), ...folders]);
  for (const [i, found] of JSON.parse(stdout).entries()) {
    const corpus = released[i] as Corpus;
    const rows = await rowsOf(corpus);
    const { mlcroissant, datasets } = found.rows;
    expect(found).toMatchObject({ errors: [], classes: corpus.classNames, files: [], names: corpus.classNames });
    expect([sorted(mlcroissant), sorted(datasets)]).toEqual([sorted(rows), sorted(rows)]);
  }
}, 300_000);

test('a corpus in a layout of CIFAR gets none', async () => {
  const batch = Buffer.alloc(3073);
  for (const name of [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`)) await writeFile(join(dir, name), batch);
  await writeFile(join(dir, 'test_batch.bin'), batch);
  await writeFile(join(dir, 'batches.meta.txt'), 'ant\nbee\ncat\ndog\neel\nfox\ngnu\nhen\nibis\njay\n');
  const before = await readdir(dir);
  await writeMetadata(await describeCorpus(dir), about);
  expect(await readdir(dir)).toEqual(before);
});
