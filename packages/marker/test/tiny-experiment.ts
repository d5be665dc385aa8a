import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MarkingKey } from '@radiotracer/carriers';
import { generate, generatedFolder, type GeneratedFacts, ingest, type ShardsFacts } from '@radiotracer/corpus';
import { tf } from '@radiotracer/nets';
import { type Artifact, runStage, type RunStageOptions, RunStore, type Stage } from '@radiotracer/store';
import { type NetworkFacts, writeNetwork } from '@radiotracer/trainer';

import { chooseImages } from '../src/lib/choose-images.ts';
import { markImages } from '../src/lib/mark-images.ts';
import { PAPER_MARKING } from '../src/lib/marking-settings.ts';
import type { MarkImagesInput, MarkingSettings, VersionsFacts } from '../src/lib/types.ts';
import { ARCHITECTURE, SIDE, tinyParameters } from './tiny-network.ts';

/** 12 of 60 images in three classes, 3 versions of each. */
export const TINY_MARKING: MarkingSettings = {
  ...PAPER_MARKING,
  markedFraction: 0.2,
  versions: 3,
  carrierUnit: 'image',
  radius: 6,
  optimizer: 'adam',
  steps: 8,
  cropPadding: 1,
  seed: 5,
};
export const TRAIN_IMAGES = 60;
/** Bytes that no test key shares with anything: the tests look for them in files. */
export const KEY_BYTES = createHash('sha256').update('a key for tests').digest();

export interface MarkOptions extends Partial<RunStageOptions> {
  readonly part?: MarkImagesInput['part'];
}

/** A store with a generated corpus and an untrained network, and a key beside it: all that marking needs. */
export interface TinyExperiment {
  readonly folder: string;
  readonly store: RunStore;
  readonly generated: Artifact<GeneratedFacts>;
  readonly corpus: Artifact<ShardsFacts>;
  readonly markingNetwork: Artifact<NetworkFacts>;
  readonly key: MarkingKey;
  readonly locations: { readonly key: string };
  /** Marks with some settings changed: chooses images, and makes versions of all of them in one part. */
  mark(change?: Partial<MarkingSettings>, options?: MarkOptions): Promise<Artifact<VersionsFacts>>;
  remove(): Promise<void>;
}

const untrained: Stage<{ seed: number; classNames: readonly string[] }, NetworkFacts> = {
  name: 'trainNetwork',
  version: 1,
  async run({ seed, classNames }, { outputDir }) {
    const parameters = tinyParameters(seed, classNames.length);
    const weightsSha256 = await writeNetwork(outputDir, { architecture: ARCHITECTURE, classNames }, parameters);
    tf.dispose(parameters);
    return { architecture: ARCHITECTURE, classNames, epochs: 0, testAccuracy: 0, testLoss: 0, weightsSha256 };
  },
};

/** The same corpus, network and key every time. */
export async function tinyExperiment(): Promise<TinyExperiment> {
  const folder = await mkdtemp(join(tmpdir(), 'radiotracer-marker-'));
  const store = await RunStore.open(join(folder, 'store'));
  const settings = { classes: 3, trainImages: TRAIN_IMAGES, testImages: 6, size: SIDE, seed: 1 };
  const generated = await runStage(generate, settings, { store });
  const source = { artifact: generated, folder: generatedFolder };
  const corpus = await runStage(ingest, { source, split: 'train' }, { store });
  const markingNetwork = await runStage(untrained, { seed: 3, classNames: corpus.facts.classNames }, { store });
  const key = new MarkingKey(KEY_BYTES);
  const locations = { key: await writeKey(folder, 'publisher.key', KEY_BYTES) };
  return {
    ...{ folder, store, generated, corpus, markingNetwork, key, locations },
    async mark(change, { part, ...options } = {}) {
      const marking = { ...TINY_MARKING, ...change };
      const { markedFraction, selection } = marking;
      const input = { keyId: key.keyId, corpus, markingNetwork };
      const where = { store, locations, ...options };
      const chosen = await runStage(chooseImages, { ...input, marking: { markedFraction, selection } }, where);
      const whole = { start: 0, end: chosen.facts.marked };
      return runStage(markImages, { ...input, chosen, part: part ?? whole, marking }, where);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Writes a key file with given bytes, which `generateKey` never does. Returns its path. */
export async function writeKey(folder: string, name: string, bytes: Buffer): Promise<string> {
  const { keyId } = new MarkingKey(bytes);
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(path, `radiotracer-key-v1\nkey ${bytes.toString('hex')}\nid ${keyId}\n`, { mode: 0o600 });
  return path;
}

/** Every file below a folder, with its content, by path. */
export async function filesBelow(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)));
}
