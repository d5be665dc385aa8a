import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkPlaces, requireEmpty } from './places.ts';

let folder: string;
let corpus: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-places-'));
  corpus = join(folder, 'corpus');
  await mkdir(join(corpus, 'train'), { recursive: true });
  await writeFile(join(folder, 'afile'), '');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const places = (others: object) => ({
  store: join(folder, 'store'),
  out: join(folder, 'out'),
  key: join(folder, 'my.key'),
  corpus,
  ...others,
});

test('places beside the corpus are in order, whether they exist or not', async () => {
  await checkPlaces(places({ id: 'Mark-1.b_2' }));
  await checkPlaces(places({ store: `${corpus}-store`, out: join(folder, '..data') }));
  await mkdir(join(folder, 'store'));
  await checkPlaces(places({}));
});

test.each(['store', 'out', 'key'])('%s in the corpus is refused, by any path that leads there', async (name) => {
  await symlink(corpus, join(folder, 'link'));
  for (const path of [join(corpus, 'new/mine'), join(corpus, 'train'), join(folder, 'link/mine')]) {
    const refusal = `--${name}: ${path} lies in the corpus`;
    await expect(checkPlaces(places({ [name]: path }))).rejects.toThrow(refusal);
  }
});

test('a store is new, empty but for what a disk has, or one; not the folder of something else', async () => {
  const store = join(folder, 'other');
  await mkdir(join(store, 'lost+found'), { recursive: true });
  await checkPlaces({ store });
  await writeFile(join(store, 'cat.jpg'), '');
  await expect(checkPlaces({ store })).rejects.toThrow(`--store: found ${store}, which is no store and holds cat.jpg`);
  await mkdir(join(store, 'artifacts'));
  await checkPlaces({ store });
});

test.each(['store', 'out'])('%s that is a file, or lies under one, is refused', async (name) => {
  for (const path of [join(folder, 'afile'), join(folder, 'afile/inside')]) {
    await expect(checkPlaces(places({ [name]: path }))).rejects.toMatchObject({
      name: 'UsageError',
      message: `--${name}: found ${path}, expected a folder; ${join(folder, 'afile')} is a file`,
    });
  }
});

test.each(['', '..', '-x', 'a/b', 'ü', 'a b', 'x'.repeat(201)])('the id %j is refused', async (id) => {
  await expect(checkPlaces(places({ id }))).rejects.toThrow(`--id: found "${id}", expected up to 200 letters, digits`);
});

test('a folder is empty if it is missing, or holds nothing', async () => {
  await requireEmpty(join(folder, 'missing'));
  await requireEmpty(join(corpus, 'train'));
  await expect(requireEmpty(corpus)).rejects.toThrow('is not empty and belongs to another run');
});
