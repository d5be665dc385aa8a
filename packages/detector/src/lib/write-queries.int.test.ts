import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { pixelsSha256, verifyPublication, type PublicationManifest } from '@radiotracer/carriers';
import { decodeImage, ImageShards } from '@radiotracer/corpus';
import { cropFlipBatch } from '@radiotracer/nets/crop-flip';

import { tinyExperiment, type TinyExperiment, VERSIONS, withPixels } from '../../test/tiny-experiment.ts';
import { writeQueries } from './write-queries.ts';

jest.setTimeout(60_000);

let experiment: TinyExperiment;
let manifest: PublicationManifest;
let folder: string;
beforeAll(async () => {
  experiment = await tinyExperiment({ carrierUnit: 'image' });
  const { publication } = experiment.input;
  const bytes = Buffer.from(await experiment.manifest());
  manifest = verifyPublication(publication.facts.commitment, experiment.key, bytes);
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-queries-'));
  await write(folder, experiment.input.versions);
});
afterAll(async () => {
  await experiment.remove();
  await rm(folder, { recursive: true });
});

async function write(into: string, versions: TinyExperiment['input']['versions'], inViews = false): Promise<unknown> {
  const shards = await ImageShards.open(experiment.store.folder(versions));
  const { commitment } = experiment.input.publication.facts;
  const asked = { key: experiment.key, commitment, manifest, versions: shards, inViews };
  return writeQueries(into, asked).finally(() => shards.close());
}

async function lines(...path: string[]): Promise<string[]> {
  return (await readFile(join(folder, ...path), 'utf8')).trimEnd().split('\n');
}

it('writes each version of each marked image once, under the id that the private index names', async () => {
  const [header, ...rows] = await lines('private', 'index.csv');
  expect(header).toBe('id,row,version');
  expect(rows).toHaveLength(manifest.images.length * VERSIONS);
  for (const line of rows) {
    const [id = '', row, version] = line.split(',');
    const png = await readFile(join(folder, 'queries', 'images', `${id}.png`));
    const { pixels } = await decodeImage(png);
    const image = manifest.images.find((each) => each.row === Number(row));
    expect(pixelsSha256(pixels)).toBe(image?.versionSha256[Number(version)]);
  }
});

it('tells whoever asks nothing but ids: in the order of their sorting, in files of one length without metadata', async () => {
  expect((await readdir(join(folder, 'queries'))).sort()).toEqual(['images', 'metadata.csv']);
  const files = (await readdir(join(folder, 'queries', 'images'))).sort();
  const [header, ...rows] = await lines('queries', 'metadata.csv');
  expect(header).toBe('file_name,id');
  expect(rows).toEqual(files.map((file) => `images/${file},${file.replace('.png', '')}`));
  const paths = files.map((file) => join(folder, 'queries', 'images', file));
  expect(new Set(await Promise.all(paths.map(async (path) => (await stat(path)).size))).size).toBe(1);
  for (const path of paths) {
    const text = await readFile(path, 'latin1');
    expect(text.match(/IHDR|IDAT|IEND|tEXt|zTXt|iTXt|tIME|eXIf|pHYs/g)).toEqual(['IHDR', 'IDAT', 'IEND']);
  }
  expect((await stat(join(folder, 'private'))).mode & 0o077).toBe(0);
});

it('writes each version in each view, if asked to: moved by two pixels to each of four sides, as it is and mirrored', async () => {
  const into = await mkdtemp(join(tmpdir(), 'radiotracer-queries-'));
  const written = await write(into, experiment.input.versions, true);
  const versions = manifest.images.length * VERSIONS;
  expect(written).toEqual({ queries: 8 * versions, marked: manifest.images.length, versions: VERSIONS, views: 8 });
  const [header, ...rows] = (await readFile(join(into, 'private', 'index.csv'), 'utf8')).trimEnd().split('\n');
  expect(header).toBe('id,row,version,view');
  const shards = await ImageShards.open(experiment.store.folder(experiment.input.versions));
  const { height, width } = shards;
  const seen = new Set<string>();
  for (const line of rows.slice(0, 40)) {
    const [id = '', row, version, view] = line.split(',');
    seen.add(view as string);
    const { pixels } = await decodeImage(await readFile(join(into, 'queries', 'images', `${id}.png`)));
    const image = manifest.images.findIndex((each) => each.row === Number(row));
    const [top, left, flip] = [Number(view) < 4 ? -2 : 2, Number(view) % 4 < 2 ? -2 : 2, Number(view) % 2 === 1];
    const original = shards.read([image * VERSIONS + Number(version)]);
    expect(pixels).toEqual(cropFlipBatch(original, height, width, { top, left, flip }));
  }
  shards.close();
  expect(seen.size).toBe(8);
  expect(new Set(rows.map((line) => line.split(',')[0])).size).toBe(8 * versions);
  await rm(into, { recursive: true });
});

it('writes the same bytes again', async () => {
  const again = await mkdtemp(join(tmpdir(), 'radiotracer-queries-'));
  await write(again, experiment.input.versions);
  const digest = async (of: string): Promise<string> => {
    const hash = createHash('sha256');
    for (const file of (await readdir(of, { recursive: true })).sort()) {
      if (/\.(png|csv)$/.test(file)) hash.update(file).update(await readFile(join(of, file)));
    }
    return hash.digest('hex');
  };
  expect(await digest(again)).toBe(await digest(folder));
  await rm(again, { recursive: true });
});

it('refuses versions that are not those committed to, and writes nothing', async () => {
  const other = await withPixels(experiment.store, experiment.input.versions, (pixels) => pixels.map((p) => p ^ 1));
  const empty = await mkdtemp(join(tmpdir(), 'radiotracer-queries-'));
  await expect(write(empty, other)).rejects.toMatchObject({ name: 'VerificationError' });
  expect(await readdir(empty)).toEqual([]);
  await rm(empty, { recursive: true });
});
