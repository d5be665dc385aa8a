/**
 * What a suspect says that is shown every version as its training showed it images: at a low resolution, blurred, in grey.
 * Whoever asks it through its own preprocessing does that. The decisive p of the models of a study whose training changes
 * images, by the versions as they are and by the versions so changed; from the store that the study ran in.
 *
 *     node --conditions=@radiotracer/source --import tsx docs/results/shown.mts <store> <study.csv>…
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ImageShards } from '@radiotracer/corpus';
import { type Evidence, judgeEvidence, parseEvidence } from '@radiotracer/detector/judge';
import { type CropFlip, cropFlipBatch, type FrozenNetwork, normalise, Rng, softmaxCrossEntropy, tf } from '@radiotracer/nets';
import { formatP } from '@radiotracer/stats';
import { RunStore } from '@radiotracer/store';
import { openNetwork } from '@radiotracer/trainer';
import { parse } from 'csv-parse/sync';

import { meanOverViews, views } from '../../packages/detector/src/lib/views.ts';
import { augmented } from '../../packages/trainer/src/lib/augment.ts';
import type { Augmentation } from '../../packages/trainer/src/lib/types.ts';

const BATCH = 100;

const [folder = '', ...tables] = process.argv.slice(2);
const store = await RunStore.open(folder);
const artifacts = await store.list();
const evidences = artifacts
  .filter(({ stage }) => stage === 'extractEvidence')
  .map((artifact) => parseEvidence(JSON.parse(readFileSync(join(store.folder(artifact), 'evidence.json'), 'utf8'))));

console.log('| training | model | versions as they are | as it was trained |\n| --- | --- | --- | --- |');
for (const table of tables) {
  for (const row of parse(readFileSync(table), { columns: true }) as Record<string, string>[]) {
    const { augmentations = [] } = JSON.parse(row['suspect.training'] ?? '{}') as { augmentations?: Augmentation[] };
    if (augmentations.length === 0) continue;
    const evidence = evidences.find((each) => weightsOf(each) === row.weightsSha256 && each.commitment === row.commitment);
    if (!evidence) throw new Error(`${folder} has no evidence of the ${row.model} in ${table}`);
    const changed = await lossesOn(augmentations, evidence);
    const ps = [evidence.marked.suspectLoss, changed].map((suspectLoss) => {
      const marked = { ...evidence.marked, suspectLoss };
      const { decisive } = judgeEvidence({ ...evidence, marked }, { name: '', log10Level: -4, test: 'exact' });
      return formatP(decisive.log10P);
    });
    console.log(`| ${[row['suspect.training'], row.model, ...ps].join(' | ')} |`);
  }
}

function weightsOf({ suspect }: Evidence): string | undefined {
  return 'weightsSha256' in suspect ? suspect.weightsSha256 : undefined;
}

/** Of the model that the evidence is about, [n][V]. */
async function lossesOn(augmentations: readonly Augmentation[], evidence: Evidence): Promise<number[][]> {
  const [versions = 0, images] = [evidence.marked.suspectLoss[0]?.length, evidence.marked.label.length];
  const network = artifacts.find(({ facts }) => facts?.weightsSha256 === weightsOf(evidence));
  const made = artifacts.find(({ stage, facts }) => stage === 'joinVersions' && facts.marked === images);
  if (!network || !made) throw new Error(`${folder} lacks the model or the versions`);
  const shards = await ImageShards.open(store.folder(made));
  const suspect = openNetwork(store.folder(network));
  try {
    const losses: number[] = [];
    for (let start = 0; start < shards.count; start += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, shards.count - start) }, (_, i) => start + i);
      const labels = rows.map((at) => evidence.marked.label[Math.floor(at / versions)] as number);
      const pixels = await shown(shards, rows, augmentations);
      losses.push(...(await meanOverViews(views, async (view) => lossesOf(suspect, moved(pixels, shards, view), labels))));
    }
    return Array.from({ length: images }, (_, i) => losses.slice(i * versions, (i + 1) * versions));
  } finally {
    shards.close();
    suspect.dispose();
  }
}

async function shown(shards: ImageShards, rows: number[], augmentations: readonly Augmentation[]): Promise<Uint8Array> {
  const { height, width } = shards;
  const size = 3 * height * width;
  const pixels = new Uint8Array(rows.length * size);
  for (const [i, row] of rows.entries()) {
    const image = { pixels: shards.read([row]), height, width };
    pixels.set((await augmented(image, augmentations, Rng.of(0, 'shown', row))).pixels, i * size);
  }
  return pixels;
}

/** [n, H, W, 3], as a network is shown them. */
function moved(pixels: Uint8Array, { height, width }: ImageShards, view: CropFlip): tf.Tensor4D {
  const images = normalise(cropFlipBatch(pixels, height, width, view));
  return tf.tensor4d(images, [pixels.length / (3 * height * width), height, width, 3]);
}

/** Disposes of the images. */
function lossesOf(suspect: FrozenNetwork, images: tf.Tensor4D, labels: number[]): Float32Array {
  const losses = tf.tidy(() => {
    const { logits } = suspect.logits(images);
    return softmaxCrossEntropy(logits, tf.tensor1d(labels, 'int32')).loss.dataSync() as Float32Array;
  });
  images.dispose();
  return losses;
}
