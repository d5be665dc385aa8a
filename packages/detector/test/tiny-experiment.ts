import { createHash, randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MarkingKey } from '@radiotracer/carriers';
import { generate, generatedFolder, ImageShards, ingest, type ShardsFacts, ShardWriter } from '@radiotracer/corpus';
import {
  chooseImages,
  markImages,
  type MarkingSettings,
  PAPER_MARKING,
  type PublicationFacts,
  publish,
  type VersionsFacts,
} from '@radiotracer/marker';
import { type Architecture, initialParameters, type Parameters, tf } from '@radiotracer/nets';
import { type Artifact, runStage, type RunStageOptions, RunStore, sha256File } from '@radiotracer/store';
import { importNetwork, type NetworkFacts, writeNetwork } from '@radiotracer/trainer';

import { extractEvidence } from '../src/lib/extract-evidence.ts';
import { fitReferences } from '../src/lib/fit-references.ts';
import type { ExtractEvidenceInput } from '../src/lib/types.ts';

const SIDE = 16;
/** Numbers in an image. */
export const PIXELS = SIDE * SIDE * 3;
/** D = 32. */
const ARCHITECTURE: Architecture = { name: 'resnet18', stem: 'small', width: 4 };
export const TRAIN_IMAGES = 60;
/** Of each of 12 images. */
export const VERSIONS = 3;
/** Of the references. */
export const TINY_DECAYS = [1e-3, 1e-1];
/** Bytes that no test key shares with anything: the tests look for them in files. */
export const KEY_BYTES = createHash('sha256').update('a key for tests').digest();

/** A store with a published corpus and two untrained networks, and a key beside it: all that evidence needs. */
export interface TinyExperiment {
  readonly store: RunStore;
  readonly key: MarkingKey;
  readonly locations: { readonly key: string };
  readonly input: ExtractEvidenceInput & { readonly suspect: Artifact<NetworkFacts> };
  /** Runs `extractEvidence`, with a changed input. */
  extract(
    changes?: Partial<ExtractEvidenceInput>,
    options?: Omit<RunStageOptions, 'store'>,
  ): Promise<Artifact<{ readonly marked: number }>>;
  /** The text of the publication's manifest. */
  manifest(): Promise<string>;
  remove(): Promise<void>;
}

/**
 * The same every time. A corpus of three classes; 12 images are marked, 3 versions of each.
 *
 * @param weights - the marking network's safetensors file; without one its weights are random
 */
export async function tinyExperiment(
  changes: Partial<MarkingSettings> = {},
  weights?: string,
): Promise<TinyExperiment> {
  const folder = await mkdtemp(join(tmpdir(), 'radiotracer-detector-'));
  const store = await RunStore.open(join(folder, 'store'));
  const settings = { classes: 3, trainImages: TRAIN_IMAGES, testImages: 90, size: SIDE, seed: 1 };
  const source = { artifact: await runStage(generate, settings, { store }), folder: generatedFolder };
  const train = await runStage(ingest, { source, split: 'train' }, { store });
  const test = await runStage(ingest, { source, split: 'test' }, { store });
  const markingNetwork = weights ? await imported(store, weights, test) : await untrained(store, 3, train);
  const key = new MarkingKey(KEY_BYTES);
  const locations = { key: await writeKey(folder, KEY_BYTES) };
  const marking = { ...PAPER_MARKING, markedFraction: 0.2, versions: VERSIONS, steps: 2, ...changes };
  const { keyId } = key;
  const toMark = { keyId, corpus: train, markingNetwork, marking };
  const chosen = await runStage(chooseImages, toMark, { store, locations });
  const part = { start: 0, end: chosen.facts.marked };
  const versions = await runStage(markImages, { ...toMark, chosen, part }, { store, locations });
  const publication = await runStage(publish, { keyId, versions, source, split: 'train' }, { store, locations });
  const suspect = await untrained(store, 4, train);
  const references = await runStage(fitReferences, { markingNetwork, train, weightDecays: TINY_DECAYS }, { store });
  const input = { keyId, suspect, markingNetwork, references, versions, publication, train, test };
  return {
    ...{ store, key, locations, input },
    extract: (changes, options) =>
      runStage(extractEvidence, { ...input, ...changes }, { store, locations, ...options }),
    manifest: () => readFile(join(store.folder(publication), 'private', 'manifest.json'), 'utf8'),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** The network in a safetensors file. */
export async function imported(
  store: RunStore,
  network: string,
  test: Artifact<ShardsFacts>,
): Promise<Artifact<NetworkFacts>> {
  const input = { weightsSha256: await sha256File(network), test };
  return runStage(importNetwork, input, { store, locations: { network } });
}

/** A network with random weights, and then others if they are changed. */
export async function untrained(
  store: RunStore,
  seed: number,
  { facts: { classNames } }: Artifact<Pick<ShardsFacts, 'classNames'>>,
  change: (values: Float32Array, name: string) => Float32Array = (values) => values,
  architecture: Architecture = ARCHITECTURE,
): Promise<Artifact<NetworkFacts>> {
  const run = async (_: object, { outputDir }: { outputDir: string }): Promise<NetworkFacts> => {
    const fresh: Parameters = initialParameters(architecture, classNames.length, seed);
    const changed = Object.entries(fresh).map(([name, tensor]) => {
      const values = change(tensor.dataSync() as Float32Array, name);
      return [name, tf.tensor(values, tensor.shape)] as const;
    });
    const parameters = Object.fromEntries(changed);
    const weightsSha256 = await writeNetwork(outputDir, { architecture, classNames }, parameters);
    tf.dispose([fresh, parameters]);
    return { architecture, classNames, epochs: 0, testAccuracy: 0, testLoss: 0, weightsSha256 };
  };
  return runStage(
    { name: 'trainNetwork', version: 1, run },
    { seed, classNames, change: String(change), architecture },
    { store },
  );
}

/** An artefact with the facts of another, and its files after a change. */
async function forged<Facts>(
  store: RunStore,
  original: Artifact<Facts>,
  change: (folder: string) => Promise<void>,
): Promise<Artifact<Facts>> {
  const run = async (_: object, { outputDir }: { outputDir: string }): Promise<Facts> => {
    await cp(store.folder(original), outputDir, { recursive: true });
    for (const file of ['manifest.json', 'run.json', 'SHA256SUMS']) await rm(join(outputDir, file));
    await change(outputDir);
    return original.facts;
  };
  return runStage({ name: original.stage, version: 1, run }, { original, forgery: randomUUID() }, { store });
}

/** The publication with another manifest, under the old commitment. */
export function withManifest(
  store: RunStore,
  publication: Artifact<PublicationFacts>,
  manifest: string,
): Promise<Artifact<PublicationFacts>> {
  return forged(store, publication, (folder) => writeFile(join(folder, 'private', 'manifest.json'), manifest));
}

/** The versions with other pixels; those that are left out are cut off. */
export async function withPixels(
  store: RunStore,
  versions: Artifact<VersionsFacts>,
  change: (pixels: Uint8Array) => Uint8Array,
): Promise<Artifact<VersionsFacts>> {
  return forged(store, versions, async (folder) => {
    const shards = await ImageShards.open(folder);
    const pixels = change(shards.read([...shards.labels.keys()]));
    const { labels } = shards;
    shards.close();
    const count = pixels.length / (shards.height * shards.width * 3);
    const writer = await ShardWriter.create(folder, shards);
    await writer.append(pixels, Array.from(labels.subarray(0, count)));
    await writer.close();
  });
}

/** Writes a key file with given bytes, which `generateKey` never does. Returns its path. */
export async function writeKey(folder: string, bytes: Buffer): Promise<string> {
  const { keyId } = new MarkingKey(bytes);
  const path = join(folder, `${keyId.slice(0, 8)}.key`);
  await writeFile(path, `radiotracer-key-v1\nkey ${bytes.toString('hex')}\nid ${keyId}\n`, { mode: 0o600 });
  return path;
}
