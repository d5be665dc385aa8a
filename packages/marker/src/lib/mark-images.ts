import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { carrier, carrierGroup, type MarkingKey } from '@radiotracer/carriers';
import { ImageShards, ShardWriter } from '@radiotracer/corpus';
import { type FrozenNetwork, normalise, tf } from '@radiotracer/nets';
import { remember, type Stage, type StageContext } from '@radiotracer/store';
import { openNetwork } from '@radiotracer/trainer';

import { readChosen } from './choose-images.ts';
import { linf, psnrDb } from './distortion.ts';
import { versionsFacts, writeMarkingRecord } from './marking-record.ts';
import { checkMarkingSettings } from './marking-settings.ts';
import { openKey } from './open-key.ts';
import { type ImageToMark, optimizeVersions } from './optimize-versions.ts';
import { publishedForm, type PublishedImages } from './published-form.ts';
import type { MarkImagesInput, MarkingRecord, VersionsFacts } from './types.ts';
import { writeVersionFiles } from './version-files.ts';

/** Versions that are optimised together: enough to keep the cores busy, few enough to lose little in a crash. */
const VERSIONS_AT_ONCE = 120;
/** Pixels in them, for larger images: memory grows with these, to 3 GB for the full ResNet-18. */
const PIXELS_AT_ONCE = VERSIONS_AT_ONCE * 64 * 64;

/**
 * Makes V versions of each image of a part of those chosen, each along its own carrier, without knowing which will be
 * published. Leaves shards (row i·V + v is version v of image i of the part), `marking.json` (a `MarkingRecord`) and, for
 * a lossy `encode`, the files in `versions.bin`.
 */
export const markImages: Stage<MarkImagesInput, VersionsFacts> = {
  name: 'markImages',
  version: 4,
  async run(input, context) {
    const { marking } = input;
    checkMarkingSettings(marking);
    const key = await openKey(input.keyId, context);
    const shards = await ImageShards.open(await context.open(input.corpus));
    const network = openNetwork(await context.open(input.markingNetwork));
    try {
      const { start, end } = input.part;
      const rows = (await readChosen(await context.open(input.chosen))).slice(start, end);
      const images = rows.map((row) => imageToMark(key, shards, network, row, input));
      const optimized = await allVersions(network, images, shards, input, context);
      const made: PublishedImages[] = [];
      for (const versions of optimized) made.push(await publishedForm(versions, shards, input.marking.encode));
      const record = await recordOf(network, images, made, shards, input, context);
      await writeVersions(context.outputDir, made, record, shards);
      return versionsFacts(record);
    } finally {
      network.dispose();
      shards.close();
    }
  },
};

function imageToMark(
  key: MarkingKey,
  shards: ImageShards,
  network: FrozenNetwork,
  row: number,
  { marking: { carrierUnit: unit, versions } }: MarkImagesInput,
): ImageToMark {
  const group = carrierGroup(unit, { row, label: shards.labels[row] as number });
  const carriers = Array.from({ length: versions }, (_, version) =>
    carrier(key, { ...group, version, dimension: network.featureSize }),
  );
  return { row, pixels: shards.read([row]), carriers };
}

/** [n][V·H·W·3]: batch by batch, each kept in the scratch folder, so that a crash costs one batch. */
async function allVersions(
  network: FrozenNetwork,
  images: readonly ImageToMark[],
  shards: ImageShards,
  { marking }: MarkImagesInput,
  { scratchDir, report, signal }: StageContext,
): Promise<Uint8Array[]> {
  const atOnce = Math.min(VERSIONS_AT_ONCE, PIXELS_AT_ONCE / (shards.height * shards.width));
  const perBatch = Math.max(1, Math.floor(atOnce / marking.versions));
  const steps = marking.steps * marking.versions;
  const all: Uint8Array[] = [];
  for (let first = 0; first < images.length; first += perBatch) {
    const batch = images.slice(first, first + perBatch);
    const tell = (done: number): void => {
      signal.throwIfAborted();
      report({
        done: first * steps + batch.length * marking.versions * done,
        total: images.length * steps,
        unit: 'image-steps',
      });
    };
    const made = await remember(join(scratchDir, `versions-${first}.sealed`), () => {
      tell(0);
      return optimizeVersions(network, batch, shards, marking, tell);
    });
    const size = made.length / batch.length;
    for (let i = 0; i < batch.length; i++) all.push(made.subarray(i * size, (i + 1) * size));
  }
  return all;
}

async function recordOf(
  network: FrozenNetwork,
  images: readonly ImageToMark[],
  versions: readonly PublishedImages[],
  shards: ImageShards,
  { marking, markingNetwork }: MarkImagesInput,
  { signal }: StageContext,
): Promise<MarkingRecord> {
  const records: MarkingRecord['images'][number][] = [];
  for (const [i, { row, pixels, carriers }] of images.entries()) {
    const { pixels: made, files } = versions[i] as PublishedImages;
    const each = carriers.map((_, v) => made.subarray(v * pixels.length, (v + 1) * pixels.length));
    records.push({
      row,
      label: shards.labels[row] as number,
      psnrDb: each.map((version) => psnrDb(pixels, version)).map((db) => (Number.isFinite(db) ? db : null)),
      linf: each.map((version) => linf(pixels, version)),
      cosine: shiftCosines(network, pixels, made, carriers, shards),
      ...(files && { fileBytes: files.map((file) => file.length) }),
    });
    await setImmediate(); // lets messages and signals in
    signal.throwIfAborted();
  }
  const { versions: count, carrierUnit } = marking;
  return { versions: count, carrierUnit, markingNetworkSha256: markingNetwork.facts.weightsSha256, images: records };
}

/** cos(φ(x̃) − φ(x), u) of each version of an image, without crop or mirror. */
function shiftCosines(
  network: FrozenNetwork,
  original: Uint8Array,
  versions: Uint8Array,
  carriers: readonly Float32Array[],
  { height, width }: ImageShards,
): number[] {
  return tf.tidy(() => {
    const pixels = normalise(Buffer.concat([original, versions]));
    const features = network.features(tf.tensor(pixels, [carriers.length + 1, height, width, 3]));
    const [first, rest] = tf.split(features, [1, carriers.length]) as [tf.Tensor, tf.Tensor];
    const shift = tf.sub(rest, first); // [V, D]
    const u = tf.stack(carriers.map((carrier) => tf.tensor1d(carrier))); // [V, D]
    const cosine = tf.div(tf.sum(tf.mul(shift, u), 1), tf.maximum(tf.norm(shift, 2, 1), 1e-12));
    return Array.from(cosine.dataSync());
  });
}

async function writeVersions(
  folder: string,
  versions: readonly PublishedImages[],
  record: MarkingRecord,
  { height, width, classNames }: ImageShards,
): Promise<void> {
  const writer = await ShardWriter.create(folder, { height, width, classNames });
  for (const [i, { pixels }] of versions.entries()) {
    const { label } = record.images[i] as MarkingRecord['images'][number];
    await writer.append(pixels, new Int32Array(record.versions).fill(label));
  }
  await writer.close();
  await writeMarkingRecord(folder, record);
  const files = versions.flatMap((made) => made.files ?? []);
  if (files.length > 0) await writeVersionFiles(folder, files);
}
