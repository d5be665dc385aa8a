import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeCorpus } from './describe-corpus.ts';
import { encodePng } from './encode-png.ts';
import { rewriteCorpus } from './rewrite-corpus.ts';
import type { Corpus, DecodedImage } from './types.ts';

const parquet = new URL('../../test/fixtures/parquet/datasets/train-00000-of-00001.parquet', import.meta.url);
const jpegFile = new URL('../../test/fixtures/images/rgb-420.jpg', import.meta.url);
const grey: DecodedImage = { pixels: new Uint8Array(12).fill(99), height: 2, width: 2 };
const png = encodePng(new Uint8Array(12), 2, 2);
const cifarRecord = Buffer.alloc(3074);

/** What lies about in folders and is nobody's business: a key, a run store with decoys, an earlier output, notes. */
const strays = [
  'radiotracer.key',
  'runs/store/decoys/shard-00000.arrow',
  'out/published/x.parquet',
  'notes.txt',
  '.env',
];

let dir: string;
let source: string;
let outputDir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rewrite-files-'));
  source = join(dir, 'source');
  outputDir = join(dir, 'published');
});
afterEach(() => rm(dir, { recursive: true }));

async function add(name: string, content: Uint8Array | string = png, mode = 0o644): Promise<void> {
  await mkdir(dirname(join(source, name)), { recursive: true });
  await writeFile(join(source, name), content, { mode });
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((e) => (e.isFile() ? [join(e.parentPath, e.name).slice(folder.length + 1)] : [])).sort();
}

async function rewrite(rows: readonly number[], image: DecodedImage = grey): Promise<Corpus> {
  const replacements = new Map(rows.map((row) => [row, image]));
  return rewriteCorpus({ corpus: await describeCorpus(source), split: 'train', replacements, outputDir });
}

test.each<[string, Record<string, () => Promise<Uint8Array> | Uint8Array>, DecodedImage]>([
  [
    'Parquet',
    {
      'data/test-00000-of-00001.parquet': () => readFile(parquet),
      'data/train-00000-of-00001.parquet': () => readFile(parquet),
    },
    grey,
  ],
  ['class folders', { 'test/cat/3.png': () => png, 'train/cat/1.png': () => png, 'val/cat/2.png': () => png }, grey],
  [
    'CIFAR-100',
    {
      'coarse_label_names.txt': () => Buffer.from('fruit'),
      'fine_label_names.txt': () => Buffer.from('apple'),
      'test.bin': () => cifarRecord,
      'train.bin': () => cifarRecord,
    },
    { pixels: new Uint8Array(3072).fill(99), height: 32, width: 32 },
  ],
])(
  '%s: all splits, lists of names and the card are released, and nothing else of the folder',
  async (_, files, image) => {
    for (const [name, content] of Object.entries(files)) await add(name, await content());
    for (const name of strays) await add(name, 'not to be released');
    await add('README.md', '# Card');
    const { splits } = await rewrite([0], image);
    const due = [...Object.keys(files), 'README.md'].sort();
    expect(await filesBelow(outputDir)).toEqual(due);
    expect(Object.keys(splits)).toEqual(Object.keys((await describeCorpus(source)).splits));
    for (const name of due) {
      const same = (await readFile(join(outputDir, name))).equals(await readFile(join(source, name)));
      expect({ name, same }).toEqual({ name, same: !name.includes('train') });
    }
  },
);

test('a corpus without a card gets none', async () => {
  await add('train/cat/1.png');
  await rewrite([]);
  expect(await filesBelow(outputDir)).toEqual(['train/cat/1.png']);
});

test('permissions and times do not tell which files were replaced, whatever the umask', async () => {
  const names = ['train/cat/1.png', 'train/cat/2.png', 'train/dog/3.png', 'test/cat/4.png'];
  for (const [i, name] of names.entries()) {
    await add(name, png, i === 0 ? 0o400 : 0o644);
    await utimes(join(source, name), 1e9, 1e9 + i);
  }
  const before = process.umask(0o002);
  try {
    await rewrite([1]);
    await writeFile(join(dir, 'by-default'), ''); // what a replacement would be, and a copy would not
    expect((await stat(join(dir, 'by-default'))).mode & 0o777).toBe(0o664);
  } finally {
    process.umask(before);
  }
  const states = await Promise.all(names.map((name) => stat(join(outputDir, name))));
  expect(new Set(states.map(({ mode }) => mode & 0o777))).toEqual(new Set([0o644]));
  const folders = await Promise.all(['train', 'train/cat', 'train/dog'].map((name) => stat(join(outputDir, name))));
  expect(new Set([...states, ...folders].map(({ mtimeMs }) => mtimeMs))).toEqual(new Set([Date.UTC(1980, 1, 1)]));
});

test.each([
  ['another file', ['x.jpg', 'x.png'], [0], 'x.png', 'x.png (now train/cat/x.png)'],
  ['another replacement', ['x.jpeg', 'x.jpg'], [0, 1], 'x.png', 'x.png (now train/cat/x.jpg)'],
  ['another place in the order', ['x.jpg', 'x.left.png'], [0], 'x.png', 'x.left.png (now train/cat/x.left.png)'],
])(
  'a replaced JPEG whose name would be that of %s is refused before anything is written',
  async (_, files, rows, becomes, next) => {
    for (const name of files) await add(`train/cat/${name}`, name.endsWith('png') ? png : await readFile(jpegFile));
    const problem = `becomes train/cat/${becomes}, which must come before the next row's train/cat/${next}`;
    await expect(rewrite(rows)).rejects.toMatchObject({
      name: 'CorpusError',
      message: `corpus: train/cat/${files[0]}, row 0 of the split: ${problem}; rename one of the two`,
    });
    expect(existsSync(outputDir)).toBe(false);
  },
);

test('such names are no harm where the JPEG stays', async () => {
  await add('train/cat/x.jpg', await readFile(jpegFile));
  await add('train/cat/x.png');
  expect((await rewrite([1])).splits['train']).toEqual({ files: ['train/cat/x.jpg', 'train/cat/x.png'], count: 2 });
});

test.each([
  ['a copy', []],
  ['a replacement', [0]],
])('%s never takes the place of a file', async (_, rows) => {
  await add('train/cat/1.png');
  await mkdir(join(outputDir, 'train/cat'), { recursive: true });
  await writeFile(join(outputDir, 'train/cat/1.png'), 'precious');
  await expect(rewrite(rows)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(join(outputDir, 'train/cat/1.png'), 'utf8')).toBe('precious');
});

test('refuses a folder whose files would become rows', async () => {
  await add('train/cat/1.png');
  await mkdir(join(outputDir, 'train/cat'), { recursive: true });
  await writeFile(join(outputDir, 'train/cat/2.png'), png);
  await expect(rewrite([0])).rejects.toThrow('holds 2 rows of train, not 1; give an empty folder');
});
