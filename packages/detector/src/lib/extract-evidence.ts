import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { carrier, type MarkingKey } from '@radiotracer/carriers';
import { ImageShards } from '@radiotracer/corpus';
import { openKey, type PublicationManifest } from '@radiotracer/marker';
import { type FrozenNetwork, Rng } from '@radiotracer/nets';
import type { Stage } from '@radiotracer/store';
import { openNetwork, predict, type Predictions } from '@radiotracer/trainer';

import { classCosines } from './class-cosines.ts';
import type { Evidence, ExtractEvidenceInput } from './types.ts';

/** Unmarked images that marked ones are compared with, for each marked image. */
const UNMARKED_PER_MARKED = 10;

/** Looks at a suspect once and leaves `evidence.json`: all that the tests need, so that judging needs no network. */
export const extractEvidence: Stage<ExtractEvidenceInput, { readonly marked: number }> = {
  name: 'extractEvidence',
  version: 1,
  async run(input, context) {
    const key = await openKey(input.keyId, context);
    const publication = await context.open(input.publication);
    const manifest = JSON.parse(
      readFileSync(join(publication, 'private', 'manifest.json'), 'utf8'),
    ) as PublicationManifest;
    const folders = await Promise.all(
      [input.versions, input.train, input.test].map((artifact) => context.open(artifact)),
    );
    const [versions, train, test] = (await Promise.all(folders.map((folder) => ImageShards.open(folder)))) as [
      ImageShards,
      ImageShards,
      ImageShards,
    ];
    const suspect = openNetwork(await context.open(input.suspect));
    const reference = openNetwork(await context.open(input.markingNetwork));
    try {
      const unmarkedRows = sampleUnmarked(train.count, manifest);
      const total = 2 * (versions.count + unmarkedRows.length + test.count);
      let before = 0;
      const look = async (network: FrozenNetwork, images: ImageShards, rows?: Uint32Array): Promise<Predictions> => {
        const predictions = await predict(network, images, rows, (done) => {
          context.signal.throwIfAborted();
          context.report({ done: before + done, total, unit: 'images' });
        });
        before += predictions.loss.length;
        return predictions;
      };
      const byImage = async (network: FrozenNetwork) =>
        grouped((await look(network, versions)).loss, manifest.versions);
      const evidence: Evidence = {
        suspect: { key: input.suspect.key, weightsSha256: input.suspect.facts.weightsSha256 },
        commitment: input.publication.facts.commitment,
        classNames: train.classNames,
        marked: {
          label: manifest.images.map(({ label }) => label),
          group: manifest.images.map(({ row, label }) => (manifest.carrierUnit === 'class' ? label : row)),
          published: manifest.images.map(({ published }) => published),
          suspectLoss: await byImage(suspect),
          referenceLoss: await byImage(reference),
        },
        unmarked: {
          label: Array.from(unmarkedRows, (row) => train.labels[row] as number),
          suspectLoss: Array.from((await look(suspect, train, unmarkedRows)).loss),
          referenceLoss: Array.from((await look(reference, train, unmarkedRows)).loss),
        },
        whiteBox: classCosines(
          suspect,
          reference.featureSize,
          await look(reference, test),
          await look(suspect, test),
          train.classNames.map((_, label) => markedDirection(key, manifest, label, reference.featureSize)),
        ),
      };
      await writeFile(join(context.outputDir, 'evidence.json'), JSON.stringify(evidence));
      return { marked: manifest.images.length };
    } finally {
      [suspect, reference].forEach((network) => network.dispose());
      [versions, train, test].forEach((shards) => shards.close());
    }
  },
};

/** Rows that are not marked: a fixed draw, which depends on nothing that the publisher could choose afterwards. */
function sampleUnmarked(images: number, { images: marked }: PublicationManifest): Uint32Array {
  const isMarked = new Set(marked.map(({ row }) => row));
  const order = Rng.of(0, 'unmarked').permutation(images);
  return order.filter((row) => !isMarked.has(row)).subarray(0, UNMARKED_PER_MARKED * marked.length);
}

/** [n · V] → [n][V]. */
function grouped(losses: Float32Array, versions: number): number[][] {
  return Array.from({ length: losses.length / versions }, (_, i) =>
    Array.from(losses.subarray(i * versions, (i + 1) * versions)),
  );
}

/**
 * The direction along which the published images of a class were marked: their carriers' sum, to unit length. Without
 * the key it is uniform on the sphere, as a single carrier is. Null where no image of the class is marked.
 */
function markedDirection(
  key: MarkingKey,
  { images, carrierUnit: unit }: PublicationManifest,
  label: number,
  dimension: number,
): Float32Array | null {
  const ofClass = images.filter((image) => image.label === label);
  if (ofClass.length === 0) return null;
  const sum = new Float32Array(dimension);
  for (const { row, published: version } of ofClass) {
    const u = carrier(key, { unit, index: unit === 'class' ? label : row, version, dimension });
    u.forEach((value, i) => (sum[i] = (sum[i] as number) + value));
  }
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}
