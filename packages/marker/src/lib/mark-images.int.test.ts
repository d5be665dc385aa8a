import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { carrier, chooseImages } from '@radiotracer/carriers';
import { ImageShards } from '@radiotracer/corpus';
import { type FrozenNetwork, normalise, tf } from '@radiotracer/nets';
import { type Artifact, type Progress, runStage } from '@radiotracer/store';
import { openNetwork } from '@radiotracer/trainer';

import {
  type MarkOptions,
  TINY_MARKING,
  tinyExperiment,
  type TinyExperiment,
  writeKey,
} from '../../test/tiny-experiment.ts';
import { IMAGE_SIZE, SIDE } from '../../test/tiny-network.ts';
import { MarkingError } from './errors.ts';
import { joinVersions } from './join-versions.ts';
import { optimizeVersions } from './optimize-versions.ts';
import type { MarkingRecord, MarkingSettings, VersionsFacts } from './types.ts';

const { versions: V } = TINY_MARKING;
/** Batches of two images: 60 versions each, of which 120 are made at once. Three batches in all. */
const IN_BATCHES: Partial<MarkingSettings> = { markedFraction: 0.1, versions: 60, steps: 3 };
const BATCH_STEPS = 2 * 60 * 3;
/** A rate of SGD with which one step moves a quarter of the versions by half a level, the others by less. */
const BARELY = 0.1;

let experiment: TinyExperiment;
let artifact: Artifact<VersionsFacts>;
let record: MarkingRecord;
let original: ImageShards;
let made: ImageShards;
let network: FrozenNetwork;

beforeAll(async () => {
  experiment = await tinyExperiment();
  const { store } = experiment;
  artifact = await mark(experiment);
  record = await recordOf(artifact);
  original = await ImageShards.open(store.folder(experiment.corpus));
  made = await ImageShards.open(store.folder(artifact));
  network = openNetwork(store.folder(experiment.markingNetwork));
});
afterAll(async () => {
  original.close();
  made.close();
  network.dispose();
  await experiment.remove();
});

function mark(
  { mark }: TinyExperiment,
  change?: Partial<MarkingSettings>,
  options?: MarkOptions,
): Promise<Artifact<VersionsFacts>> {
  return mark(change, options);
}

async function recordOf(versions: Artifact, { store } = experiment): Promise<MarkingRecord> {
  const file = join(store.folder(versions), 'marking.json');
  return JSON.parse(await readFile(file, 'utf8')) as MarkingRecord;
}

function featuresOf(pixels: Uint8Array): number[] {
  return Array.from(tf.tidy(() => network.features(tf.tensor(normalise(pixels), [1, SIDE, SIDE, 3])).dataSync()));
}

const carrierOf = (row: number, version: number, unit: 'class' | 'image' = 'image') =>
  carrier(experiment.key, { unit, index: row, version, dimension: network.featureSize });

describe('markImages', () => {
  it('marks the rows that the key draws, and puts version v of marked image i into row i·V + v', async () => {
    const fraction = TINY_MARKING.markedFraction;
    const rows = chooseImages(experiment.key, { labels: original.labels, fraction });
    expect(record.images.map(({ row }) => row)).toEqual(rows);
    expect(record.images.map(({ label }) => label)).toEqual(rows.map((row) => original.labels[row]));
    expect(made.count).toBe(rows.length * V);

    // Made again without the stage, from carriers alone: which version is published can have had no part in it.
    const expected = await optimizeVersions(
      network,
      rows.map((row) => ({
        row,
        pixels: original.read([row]),
        carriers: Array.from({ length: V }, (_, v) => carrierOf(row, v)),
      })),
      original,
      TINY_MARKING,
      () => {},
    );
    const found = made.read(Array.from({ length: made.count }, (_, row) => row));
    expect(Buffer.compare(found, expected)).toBe(0);
    expect(Array.from(made.labels)).toEqual(rows.flatMap((row) => Array(V).fill(original.labels[row])));
  });

  it('records PSNR, L∞ and cosine of every version as they are on its pixels', () => {
    record.images.forEach(({ row, psnrDb, linf, cosine }, i) => {
      const pixels = original.read([row]);
      const before = featuresOf(pixels);
      expect([psnrDb.length, linf.length, cosine.length]).toEqual([V, V, V]);
      for (let v = 0; v < V; v++) {
        const version = made.read([i * V + v]);
        const changes = Array.from(version, (value, j) => value - (pixels[j] as number));
        const square = changes.reduce((sum, change) => sum + change ** 2, 0);
        expect(psnrDb[v]).toBeCloseTo(10 * Math.log10((255 ** 2 * IMAGE_SIZE) / square), 10);
        expect(linf[v]).toBe(Math.max(...changes.map(Math.abs)));
        const shift = featuresOf(version).map((value, d) => value - (before[d] as number));
        const along = shift.reduce((sum, value, d) => sum + value * (carrierOf(row, v)[d] as number), 0);
        expect(cosine[v]).toBeCloseTo(along / Math.hypot(...shift), 3); // float32 features
      }
    });
  });

  it('sums them up in its facts', () => {
    const all = record.images.flatMap(({ psnrDb }) => psnrDb as number[]).sort((a, b) => a - b);
    expect(artifact.facts).toMatchObject({ marked: 12, versions: V, carrierUnit: 'image' });
    expect(artifact.facts.medianPsnrDb).toBe(all[18]); // of 36
    expect(artifact.facts.maxLinf).toBe(TINY_MARKING.radius);
    expect(artifact.facts.meanCosine).toBeGreaterThan(0.1); // of random directions: 0 ± 0.03
  });

  it('gives the images of a class one carrier, if asked to', async () => {
    const byClass = await mark(experiment, { carrierUnit: 'class', markedFraction: 0.1, steps: 20 });
    const shards = await ImageShards.open(experiment.store.folder(byClass));
    const { images } = await recordOf(byClass);
    const cosines = (unit: 'class' | 'image') =>
      images.flatMap(({ row, label }, i) => {
        const before = featuresOf(original.read([row]));
        const shift = featuresOf(shards.read([i * V])).map((value, d) => value - (before[d] as number));
        const u = carrierOf(unit === 'class' ? label : row, 0, unit);
        return shift.reduce((sum, value, d) => sum + value * (u[d] as number), 0) / Math.hypot(...shift);
      });
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(cosines('class'))).toBeGreaterThan(0.25);
    expect(Math.abs(mean(cosines('image')))).toBeLessThan(0.2);
    shards.close();
  });

  it('records null for a version that equals its image, and takes the median over the others', async () => {
    const barely = await mark(experiment, { optimizer: 'sgd', learningRate: BARELY, steps: 1 });
    const psnr = (await recordOf(barely)).images.flatMap(({ psnrDb }) => psnrDb);
    const changed = psnr.filter((db) => db !== null).sort((a, b) => a - b);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(psnr.length);
    expect(barely.facts.medianPsnrDb).toBe(changed[Math.floor(changed.length / 2)]);
  });

  it('refuses to hand over versions of which none differs from its image', async () => {
    const nothing = mark(experiment, { learningRate: 0.001, steps: 1 });
    await expect(nothing).rejects.toThrow(MarkingError);
    await expect(nothing).rejects.toThrow('marking.learningRate');
  });

  it('refuses settings, keys and the lack of one by name', async () => {
    await expect(mark(experiment, { radius: 0 })).rejects.toThrow('marker: marking.radius is 0; it must be');
    const stranger = await writeKey(experiment.folder, 'stranger.key', Buffer.alloc(32, 9));
    const withStranger = mark(experiment, { seed: 6 }, { locations: { key: stranger } });
    await expect(withStranger).rejects.toThrow(MarkingError);
    await expect(withStranger).rejects.toThrow(experiment.key.keyId);
    await expect(withStranger).rejects.toThrow(/has id [0-9a-f]{64}/);
    await expect(mark(experiment, { seed: 6 }, { locations: {} })).rejects.toThrow('locations.key must be the path');
  });
});

describe('markImages, again', () => {
  it('makes the same artefact in another store, and another one with another seed', async () => {
    const elsewhere = await tinyExperiment();
    const again = await mark(elsewhere);
    expect(again).toEqual(artifact);
    const files = (one: TinyExperiment, of: Artifact) => readFile(join(one.store.folder(of), 'shard-00000.arrow'));
    const other = await mark(elsewhere, { seed: 6 });
    expect((await files(elsewhere, again)).equals(await files(experiment, artifact))).toBe(true);
    expect((await files(elsewhere, other)).equals(await files(experiment, artifact))).toBe(false);
    await elsewhere.remove();
  });

  it('goes on after an abort from the batches that it has, and ends with the same artefact', async () => {
    const undisturbed = await mark(experiment, IN_BATCHES);

    const elsewhere = await tinyExperiment();
    const abort = new AbortController();
    const report = ({ done, unit }: Progress) => {
      if (unit === 'image-steps' && done > BATCH_STEPS) abort.abort(new Error('power cut')); // in the second batch
    };
    await expect(mark(elsewhere, IN_BATCHES, { report, signal: abort.signal })).rejects.toThrow('power cut');
    const working = elsewhere.store.workingFolder(undisturbed);
    expect(await readdir(join(working, 'scratch'))).toEqual(['versions-0.sealed']);

    const reports: Progress[] = [];
    const resumed = await mark(elsewhere, IN_BATCHES, { report: (progress) => reports.push(progress) });
    expect(resumed.sha256).toBe(undisturbed.sha256);
    expect(reports.map(({ done }) => done)).toEqual([360, 480, 600, 720, 720, 840, 960, 1080]); // the first batch was kept
    expect(reports.at(-1)).toEqual({ done: 1080, total: 1080, unit: 'image-steps' });
    await elsewhere.remove();
  });

  it('makes a batch again whose file was damaged meanwhile', async () => {
    const undisturbed = await mark(experiment, IN_BATCHES);
    const elsewhere = await tinyExperiment();
    const abort = new AbortController();
    const report = ({ done, unit }: Progress) => {
      if (unit === 'image-steps' && done > BATCH_STEPS) abort.abort(new Error('power cut'));
    };
    await expect(mark(elsewhere, IN_BATCHES, { report, signal: abort.signal })).rejects.toThrow('power cut');
    const file = join(elsewhere.store.workingFolder(undisturbed), 'scratch', 'versions-0.sealed');
    const bytes = await readFile(file);
    bytes[1000] = (bytes[1000] as number) ^ 1;
    await writeFile(file, bytes);
    expect((await mark(elsewhere, IN_BATCHES)).sha256).toBe(undisturbed.sha256);
    await elsewhere.remove();
  });

  it('makes the same versions in parts, which are joined', async () => {
    const { store } = experiment;
    const parts = [
      await mark(experiment, {}, { part: { start: 0, end: 5 } }),
      await mark(experiment, {}, { part: { start: 5, end: 12 } }),
    ];
    expect(parts.map(({ facts }) => facts.marked)).toEqual([5, 7]);
    const joined = await runStage(joinVersions, { parts }, { store });
    expect(joined.facts).toEqual(artifact.facts);
    expect(await recordOf(joined)).toEqual(record);
    const shards = await ImageShards.open(store.folder(joined));
    const rows = Array.from({ length: made.count }, (_, row) => row);
    expect(Buffer.compare(shards.read(rows), made.read(rows))).toBe(0);
    expect(shards.labels).toEqual(made.labels);
    shards.close();
  });
});
