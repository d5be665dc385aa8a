import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ImageShards, type ShardsFacts } from '@radiotracer/corpus';
import { decodeSafetensors, tf } from '@radiotracer/nets';
import { type Artifact, type Progress, RunStore, runStage, sha256 } from '@radiotracer/store';

import { readEvents } from '../../test/read-events.ts';
import { settings, tinyNetwork } from '../../test/settings.ts';
import { tinyCorpus } from '../../test/tiny-corpus.ts';
import type { EpochLog } from './epoch-log.ts';
import { evaluate } from './evaluate.ts';
import { type NetworkDescription, openNetwork } from './network-files.ts';
import { trainNetwork } from './train-network.ts';
import type { NetworkFacts, TrainingSettings } from './types.ts';

jest.setTimeout(60_000);

let folder: string;
let store: RunStore;
let corpus: { train: Artifact<ShardsFacts>; test: Artifact<ShardsFacts> };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-train-'));
  store = await RunStore.open(folder);
  corpus = await tinyCorpus(store);
});
afterAll(() => rm(folder, { recursive: true }));

let tensorsBefore: number;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});

/** Trains on the tiny corpus, or on others. */
function train(
  changes: Partial<TrainingSettings>,
  {
    report,
    signal,
    ...shards
  }: { report?: (progress: Progress) => void; signal?: AbortSignal } & Partial<typeof corpus> = {},
): Promise<Artifact<NetworkFacts>> {
  const input = { ...corpus, ...shards, architecture: tinyNetwork, training: settings(changes) };
  return runStage(trainNetwork, input, { store, ...(report && { report }), ...(signal && { signal }) });
}

async function readLog(artifact: Artifact): Promise<EpochLog[]> {
  const text = await readFile(join(store.folder(artifact), 'log.jsonl'), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as EpochLog);
}

describe('a trained network', () => {
  const EPOCHS = 6;
  const IMAGES = 512;
  const TEST_IMAGES = 128;
  const classNames = ['fractal-0', 'fractal-1'];

  let twoClasses: typeof corpus;
  let artifact: Artifact<NetworkFacts>;
  let dir: string;
  const progress: Progress[] = [];
  const tests: Progress[] = [];
  const tensorsAtSteps: number[] = [];
  let tensorsAround: { before: number; after: number };
  beforeAll(async () => {
    twoClasses = await tinyCorpus(store, { classes: 2, trainImages: IMAGES, testImages: TEST_IMAGES });
    const before = tf.memory().numTensors;
    artifact = await train(
      { epochs: EPOCHS, cropPadding: 1 },
      {
        ...twoClasses,
        report: (step) => {
          const isTest = step.detail?.['tested'] !== undefined;
          (isTest ? tests : progress).push(step);
          if (!isTest) tensorsAtSteps.push(tf.memory().numTensors);
        },
      },
    );
    tensorsAround = { before, after: tf.memory().numTensors };
    dir = store.folder(artifact);
  });

  it('is three files', async () => {
    const stores = ['SHA256SUMS', 'manifest.json', 'run.json'];
    expect((await readdir(dir)).filter((file) => !stores.includes(file)).sort()).toEqual([
      'log.jsonl',
      'network.json',
      'weights.safetensors',
    ]);
  });

  it('has events for TensorBoard beside it, that agree with its log', async () => {
    const events = await readEvents(join(store.root, 'logs', artifact.stage, artifact.key, 'events.tfevents'));
    const log = await readLog(artifact);
    const steps = IMAGES / settings({}).batchSize;
    const perEpoch = log.map(({ epoch, testLoss, testAccuracy }) => ({
      step: epoch * steps,
      scalars: { 'test/loss': Math.fround(testLoss), 'test/accuracy': Math.fround(testAccuracy) },
      wallTime: expect.any(Number),
    }));
    expect(events.filter(({ scalars }) => 'test/loss' in scalars)).toEqual(perEpoch);

    const training = events.filter(({ scalars }) => 'train/loss' in scalars);
    for (const [i, { epoch, trainLoss, trainAccuracy, learningRate }] of log.entries()) {
      const due = training.filter(({ step }) => Math.ceil(step / steps) === epoch);
      const mean = (tag: string): number =>
        due.reduce((sum, { scalars, step }, j) => {
          const before = due[j - 1]?.step ?? i * steps;
          return sum + (scalars[tag] ?? NaN) * (step - before);
        }, 0) / steps;
      expect(mean('train/loss')).toBeCloseTo(trainLoss, 5);
      expect(mean('train/accuracy')).toBeCloseTo(trainAccuracy, 5);
      expect(due.at(-1)?.scalars['learning_rate']).toBe(Math.fround(learningRate));
    }
    expect(training.every(({ scalars }) => (scalars['images_per_second'] ?? 0) > 0)).toBe(true);
  });

  it('is described by network.json and by its facts', async () => {
    const description = JSON.parse(await readFile(join(dir, 'network.json'), 'utf8')) as NetworkDescription;
    expect(description).toEqual({ architecture: tinyNetwork, classNames });
    expect(artifact.facts).toMatchObject({ architecture: tinyNetwork, classNames, epochs: EPOCHS });
  });

  it('is stored as float32 under torchvision’s names, filters OIHW', async () => {
    const bytes = await readFile(join(dir, 'weights.safetensors'));
    expect(artifact.facts.weightsSha256).toBe(sha256(bytes));
    const { tensors, metadata } = decodeSafetensors(bytes, 'weights'); // refuses what is not float32
    expect(metadata).toEqual({ format: 'pt' });
    // torchvision's resnet18 has 122 entries; 20 of them are num_batches_tracked.
    expect(Object.keys(tensors)).toHaveLength(102);
    const shapes = Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
    expect(shapes).toMatchObject({
      'conv1.weight': [4, 3, 3, 3],
      'bn1.running_var': [4],
      'layer1.0.conv2.weight': [4, 4, 3, 3],
      'layer2.0.downsample.0.weight': [8, 4, 1, 1],
      'layer2.0.downsample.1.running_mean': [8],
      'layer4.0.conv1.weight': [32, 16, 3, 3],
      'layer4.1.bn2.bias': [32],
      'fc.weight': [2, 32],
      'fc.bias': [2],
    });
    const isMoved = Object.entries(tensors).map(([name, { data }]) => [name, new Set(data).size > 1]);
    expect(isMoved.filter(([, moved]) => !moved)).toEqual([]); // scales began as ones, statistics as zeros or ones
  });

  it('opens, and has the accuracy and loss of its facts', async () => {
    const network = openNetwork(dir);
    const test = await ImageShards.open(store.folder(twoClasses.test));
    const { accuracy, loss } = await evaluate(network, test);
    test.close();
    network.dispose();
    expect(accuracy).toBe(artifact.facts.testAccuracy);
    expect(loss).toBe(artifact.facts.testLoss);
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });

  it('is better than chance on images that it has not seen', () => {
    // 128 images, half of them right by chance: 86 or more have a probability of 1e-4.
    expect(artifact.facts.testAccuracy * TEST_IMAGES).toBeGreaterThanOrEqual(86);
  });

  it('has a line of log for each epoch, whose last is in the facts', async () => {
    const log = await readLog(artifact);
    expect(log.map(({ epoch }) => epoch)).toEqual(Array.from({ length: EPOCHS }, (_, i) => i + 1));
    const last = log.at(-1) as EpochLog;
    expect(last).toMatchObject({ testAccuracy: artifact.facts.testAccuracy, testLoss: artifact.facts.testLoss });
    expect(last.trainLoss).toBeLessThan((log[0] as EpochLog).trainLoss);
    expect(last.trainAccuracy).toBeGreaterThan((log[0] as EpochLog).trainAccuracy);
    // Of 96 steps 8 are warm-up; the rates are those of steps 16 and 96, the 8th and the 88th of the cosine.
    expect(log[0]?.learningRate).toBeCloseTo(0.025 * (1 + Math.cos((Math.PI * 7) / 88)), 15);
    expect(last.learningRate).toBeCloseTo(0.025 * (1 + Math.cos((Math.PI * 87) / 88)), 15);
  });

  it('reports every step, and each test', () => {
    expect(progress.map(({ done }) => done)).toEqual(Array.from({ length: 16 * EPOCHS + 1 }, (_, i) => 32 * i));
    expect(progress.at(-1)).toMatchObject({ total: IMAGES * EPOCHS, unit: 'images', detail: { epoch: EPOCHS } });
    expect(tests.map(({ detail }) => detail)).toEqual(
      Array.from({ length: EPOCHS }, (_, i) => ({ epoch: i + 1, tested: TEST_IMAGES })),
    );
    // A fresh network's loss is near that of a guess, ln 2 = 0.69.
    expect(Math.abs(Number(progress[1]?.detail?.['loss']) - Math.LN2)).toBeLessThan(0.35);
  });

  it('leaks no tensor, neither from step to step nor in the end', () => {
    expect(new Set(tensorsAtSteps).size).toBe(1);
    expect(tensorsAround.after).toBe(tensorsAround.before);
  });
});

describe('trainNetwork', () => {
  describe('on 32 images', () => {
    const memorise = { epochs: 40, batchSize: 16, cropPadding: 0, horizontalFlip: false, weightDecay: 0 };
    let few: Artifact<ShardsFacts>;
    beforeAll(async () => {
      few = (await tinyCorpus(store, { trainImages: 32, testImages: 1 })).train;
    });

    it('learns them by heart', async () => {
      const { facts } = await train({ ...memorise, learningRate: 0.05 }, { train: few, test: few });
      expect(facts.testAccuracy).toBe(1);
      expect(facts.testLoss).toBeLessThan(0.1);
    });

    it('does not with a learning rate next to nothing', async () => {
      const { facts } = await train({ ...memorise, learningRate: 1e-7 }, { train: few, test: few });
      expect(facts.testAccuracy).toBeLessThan(0.7); // a guess gets a quarter right
      expect(facts.testLoss).toBeGreaterThan(1);
    });
  });

  it('leaves images out that fill no batch, each epoch', async () => {
    const done: number[] = [];
    await train({ epochs: 1, batchSize: 100 }, { report: (progress) => done.push(progress.done) }); // of 256
    expect(done).toEqual([0, 100, 200, 200]);
  });

  it.each([
    [
      'in an epoch, a step after the weights became infinite',
      { batchSize: 32, checkpointEvery: 1 },
      { epoch: 1, step: 2 },
    ],
    ['at the end of an epoch of one step', { batchSize: 256, epochs: 1 }, { epoch: 1, step: 1 }],
  ])('stops when the loss is no number, %s', async (_, changes, place) => {
    const input = { ...changes, warmupEpochs: 0, learningRate: 1e30 };
    const artifacts = await store.list();
    await expect(train(input)).rejects.toMatchObject({
      name: 'DivergenceError',
      ...place,
      retryable: false,
      message: expect.stringMatching(
        new RegExp(`^trainer: the loss became \\S+ in epoch ${place.epoch}, step ${place.step}; lower`),
      ),
    });
    expect(await store.list()).toEqual(artifacts);
    expect(tf.memory().numTensors).toBe(tensorsBefore);
    // Permanent: from its checkpoint, if there is one, it fails at the same place.
    await expect(train(input)).rejects.toMatchObject({ name: 'DivergenceError', ...place });
  });

  it('keeps no tensor when it is stopped', async () => {
    const abort = new AbortController();
    const report = ({ done }: Progress) => {
      if (done >= 96) abort.abort(new Error('enough'));
    };
    await expect(train({ seed: 7 }, { report, signal: abort.signal })).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });

  it('refuses batches that are larger than the corpus, and takes one as large', async () => {
    await expect(train({ epochs: 1, batchSize: 257 })).rejects.toMatchObject({
      name: 'TrainingSettingsError',
      retryable: false,
      message: 'trainer: training.batchSize is 257, but the corpus has 256 images; at most that many fit',
    });
    expect((await train({ epochs: 1, batchSize: 256 })).facts.epochs).toBe(1);
  });

  it('refuses a test split with other classes', async () => {
    const { test } = await tinyCorpus(store, { classes: 3 });
    await expect(train({}, { test })).rejects.toMatchObject({
      name: 'TrainingSettingsError',
      retryable: false,
      message:
        'trainer: the training split has classes fractal-0, fractal-1, fractal-2, fractal-3, ' +
        'the test split fractal-0, fractal-1, fractal-2',
    });
  });

  it('refuses a test split with images of another size', async () => {
    const { test } = await tinyCorpus(store, { size: 12 });
    await expect(train({}, { test })).rejects.toMatchObject({
      name: 'TrainingSettingsError',
      message: 'trainer: the training split has images of 16 × 16 pixels, the test split of 12 × 12',
    });
  });

  it('refuses crops that may lie outside the image, and takes the largest that do not', async () => {
    await expect(train({ epochs: 1, cropPadding: 16 })).rejects.toMatchObject({
      name: 'TrainingSettingsError',
      message: "trainer: training.cropPadding is 16; it must be below 16, the images' shorter side, or crops are black",
    });
    expect((await train({ epochs: 1, cropPadding: 15 })).facts.epochs).toBe(1);
  });

  it('refuses a blur that is wider than the image', async () => {
    await expect(train({ epochs: 1, augmentations: [{ name: 'blur', sigma: 5.1 }] })).rejects.toMatchObject({
      name: 'TrainingSettingsError',
      message:
        "trainer: training.augmentations[0].sigma is 5.1; it must be at most 5, a third of the images' shorter side, " +
        'or their mirror images do not reach as far as the blur',
    });
    expect((await train({ epochs: 1, augmentations: [{ name: 'blur', sigma: 5 }] })).facts.epochs).toBe(1);
  });

  it('refuses settings out of range before it opens anything', async () => {
    const missing = { ...corpus.train, key: '0'.repeat(64) };
    await expect(train({ epochs: 0 }, { train: missing })).rejects.toMatchObject({
      name: 'TrainingSettingsError',
      message: 'trainer: training.epochs is 0; it must be an integer of at least 1',
    });
  });

  it('refuses shards that are not what they were', async () => {
    const { test } = await tinyCorpus(store, { seed: 9 });
    await rm(join(store.folder(test), 'corpus.json'));
    await expect(train({}, { test })).rejects.toMatchObject({ name: 'CorruptArtifactError' });
  });
});
