import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ImageShards, type ShardsFacts, ShardWriter } from '@radiotracer/corpus';
import { decodeSafetensors, isTrainable, tf } from '@radiotracer/nets';
import { type Artifact, type Progress, RunStore, runStage, type Stage } from '@radiotracer/store';

import { settings, tinyNetwork } from '../../test/settings.ts';
import { tinyCorpus } from '../../test/tiny-corpus.ts';
import { trainNetwork } from './train-network.ts';
import type { NetworkFacts, TrainingSettings, TrainNetworkInput } from './types.ts';

jest.setTimeout(60_000);

type Shards = Artifact<ShardsFacts>;
type Network = Artifact<NetworkFacts>;

/** The same images, all of the first class: nothing can be learnt from these labels. */
const withoutLabels: Stage<{ readonly of: Shards }, ShardsFacts> = {
  name: 'withoutLabels',
  version: 1,
  async run({ of }, { open, outputDir }) {
    const shards = await ImageShards.open(await open(of));
    const { height, width, classNames } = shards;
    const writer = await ShardWriter.create(outputDir, { height, width, classNames });
    for (let row = 0; row < shards.count; row++) await writer.append(shards.read([row]), [0]);
    await writer.close();
    shards.close();
    return of.facts;
  },
};

/** Fewer epochs do where images stay as they are. */
const still = { cropPadding: 0, horizontalFlip: false };

let folder: string;
let store: RunStore;
let corpus: { train: Shards; test: Shards };
let unlabelled: Shards;
let teacher: Network;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-others-'));
  store = await RunStore.open(folder);
  corpus = await tinyCorpus(store, { classes: 2, testImages: 128 });
  unlabelled = await runStage(withoutLabels, { of: corpus.train }, { store });
  teacher = await train({ epochs: 8, ...still });
});
afterAll(() => rm(folder, { recursive: true }));

function train(
  changes: Partial<TrainingSettings>,
  others: Partial<TrainNetworkInput> = {},
  options: { report?: (progress: Progress) => void; signal?: AbortSignal } = {},
): Promise<Network> {
  const input = { ...corpus, architecture: tinyNetwork, training: settings(changes), ...others };
  return runStage(trainNetwork, input, { store, ...options });
}

async function weightsOf(network: Network): Promise<Map<string, readonly number[]>> {
  const { tensors } = decodeSafetensors(await readFile(join(store.folder(network), 'weights.safetensors')), 'weights');
  return new Map(Object.entries(tensors).map(([name, { data }]) => [name, Array.from(data)]));
}

/** Stops a training after 9 steps of 8 an epoch, and goes on. */
async function interrupted(changes: Partial<TrainingSettings>, others: Partial<TrainNetworkInput>): Promise<Network> {
  const abort = new AbortController();
  const report = ({ done }: Progress) => {
    if (done === 9 * 32) abort.abort(new Error('power cut'));
  };
  await expect(train(changes, others, { report, signal: abort.signal })).rejects.toThrow('power cut');
  return train(changes, others);
}

describe('a training that starts from a network', () => {
  it('starts from its weights, not from random ones', async () => {
    const before = await weightsOf(teacher);
    const after = await weightsOf(await train({ epochs: 1, learningRate: 1e-9, weightDecay: 0 }, { start: teacher }));
    const fresh = await weightsOf(await train({ epochs: 1, learningRate: 1e-9, weightDecay: 0 }));
    const distance = (a: typeof before): number =>
      Math.max(
        ...[...before].flatMap(([name, values]) =>
          isTrainable(name) ? values.map((value, i) => Math.abs(value - (a.get(name)?.[i] as number))) : [],
        ),
      );
    expect(distance(after)).toBeLessThan(1e-6);
    expect(distance(fresh)).toBeGreaterThan(0.1);
  });

  it('ends with the same bits when it was stopped on the way', async () => {
    const whole = await train({ epochs: 2, seed: 5 }, { start: teacher });
    await store.drop(whole);
    const { facts } = await interrupted({ epochs: 2, seed: 5 }, { start: teacher });
    expect(facts).toEqual(whole.facts);
  });

  it('refuses a network of another architecture', async () => {
    const wide = { ...tinyNetwork, width: 8 };
    await expect(train({}, { start: teacher, architecture: wide })).rejects.toMatchObject({
      name: 'TrainingSettingsError',
      retryable: false,
      message:
        'trainer: the network to start from is resnet18 small 4; it must be resnet18 small 8, as what it becomes',
    });
  });
});

describe('a student', () => {
  it('learns from its teacher what no label tells', async () => {
    const distillation = { teacher, temperature: 2 };
    const student = await train({ epochs: 8, seed: 3, ...still }, { train: unlabelled, distillation });
    const alone = await train({ epochs: 2, seed: 3, ...still }, { train: unlabelled });
    // 128 images, half of them right by chance: 86 or more, or 42 or fewer, have a probability of 1e-4.
    expect(alone.facts.testAccuracy * 128).toBeLessThan(86);
    expect(student.facts.testAccuracy * 128).toBeGreaterThanOrEqual(86);
  });

  it('ends with the same bits when it was stopped on the way, and leaks no tensor', async () => {
    const distillation = { teacher, temperature: 2 };
    const changes = { epochs: 2, mixup: 0.5 };
    const tensors = tf.memory().numTensors;
    const whole = await train(changes, { distillation });
    expect(tf.memory().numTensors).toBe(tensors);
    await store.drop(whole);
    const { facts } = await interrupted(changes, { distillation });
    expect(facts).toEqual(whole.facts);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('may be of another architecture, but knows the classes of its teacher', async () => {
    const distillation = { teacher, temperature: 1 };
    const { facts } = await train({ epochs: 1 }, { distillation, architecture: { ...tinyNetwork, width: 8 } });
    expect(facts.architecture.width).toBe(8);
    await expect(train({}, { distillation, ...(await tinyCorpus(store, { classes: 3 })) })).rejects.toMatchObject({
      name: 'TrainingSettingsError',
      message:
        'trainer: the teacher knows the classes fractal-0, fractal-1; ' +
        'they must be those of the training split, fractal-0, fractal-1, fractal-2',
    });
  });

  it('refuses a temperature that is none', async () => {
    await expect(train({}, { distillation: { teacher, temperature: 0 } })).rejects.toMatchObject({
      name: 'TrainingSettingsError',
      message: 'trainer: distillation.temperature is 0; it must be finite and above 0',
    });
  });
});
