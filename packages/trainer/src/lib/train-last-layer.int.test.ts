import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ImageShards } from '@radiotracer/corpus';
import { decodeSafetensors, type FrozenNetwork, tf } from '@radiotracer/nets';
import { type Artifact, type Progress, RunStore, runStage } from '@radiotracer/store';

import { settings, tinyNetwork } from '../../test/settings.ts';
import { tinyCorpus } from '../../test/tiny-corpus.ts';
import { evaluate } from './evaluate.ts';
import { openNetwork } from './network-files.ts';
import { trainLastLayer } from './train-last-layer.ts';
import { trainNetwork } from './train-network.ts';

let dir: string;
let store: RunStore;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'radiotracer-last-layer-'));
  store = await RunStore.open(join(dir, 'store'));
});
afterAll(async () => rm(dir, { recursive: true }));

async function weightsOf(artifact: Artifact): Promise<Map<string, unknown>> {
  const file = join(await store.verify(artifact), 'weights.safetensors');
  return new Map(Object.entries(decodeSafetensors(await readFile(file), file).tensors));
}

async function opened(network: Artifact, corpus: Artifact): Promise<{ network: FrozenNetwork; images: ImageShards }> {
  return { network: openNetwork(store.folder(network)), images: await ImageShards.open(store.folder(corpus)) };
}

it('changes the last layer alone, and fits the corpus better', async () => {
  const corpus = await tinyCorpus(store);
  const network = await runStage(
    trainNetwork,
    { ...corpus, architecture: tinyNetwork, training: settings() },
    { store },
  );
  const tensors = tf.memory().numTensors;
  const trained = await runStage(trainLastLayer, { ...corpus, network, weightDecay: 5e-4 }, { store });
  expect(tf.memory().numTensors).toBe(tensors);

  const [before, after] = [await weightsOf(network), await weightsOf(trained)];
  const changed = [...before.keys()].filter(
    (name) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)),
  );
  expect(changed.sort()).toEqual(['fc.bias', 'fc.weight']);
  const log = async (artifact: Artifact) => {
    const lines = (await readFile(join(await store.verify(artifact), 'log.jsonl'), 'utf8')).trim().split('\n');
    return JSON.parse(lines.at(-1) as string) as { trainLoss: number; trainAccuracy: number; testAccuracy: number };
  };
  expect((await log(trained)).trainLoss).toBeLessThan((await log(network)).trainLoss);
  const { network: itself, images } = await opened(trained, corpus.train);
  const onTrain = await evaluate(itself, images);
  itself.dispose();
  images.close();
  const { trainLoss, trainAccuracy } = await log(trained);
  expect([trainLoss, trainAccuracy]).toEqual([expect.closeTo(onTrain.loss, 4), expect.closeTo(onTrain.accuracy, 6)]);
  expect(trained.facts).toMatchObject({ epochs: 1, testAccuracy: (await log(trained)).testAccuracy });
});

it('tells how far it is, and stops when it is told to while it looks at the test split', async () => {
  const corpus = await tinyCorpus(store, { testImages: 300 }); // two batches
  const network = await runStage(
    trainNetwork,
    { ...corpus, architecture: tinyNetwork, training: settings() },
    { store },
  );
  const stop = new AbortController();
  const told: string[] = [];
  const report = ({ done, total }: Progress): void => {
    told.push(`${done} of ${total}`);
    if (done > corpus.train.facts.count) stop.abort(new Error('stopped'));
  };
  const input = { ...corpus, network, weightDecay: 1e-3 };
  await expect(runStage(trainLastLayer, input, { store, report, signal: stop.signal })).rejects.toThrow('stopped');
  expect(told).toEqual(['0 of 556', '250 of 556', '256 of 556', '506 of 556']);
});

it('learns less the more noise DP-SGD adds, and says how much privacy there is', async () => {
  const corpus = await tinyCorpus(store, { trainImages: 400, testImages: 200 });
  const network = await runStage(
    trainNetwork,
    { ...corpus, architecture: tinyNetwork, training: settings({ epochs: 6 }) },
    { store },
  );
  const tensors = tf.memory().numTensors;
  const noises = [0.5, 20, 1000];
  const trained = [];
  for (const noiseMultiplier of noises) {
    const privacy = { noiseMultiplier, maxGradNorm: 1, epochs: 20, batchSize: 40, learningRate: 0.5, seed: 1 };
    trained.push(await runStage(trainLastLayer, { ...corpus, network, weightDecay: 5e-4, privacy }, { store }));
  }
  expect(tf.memory().numTensors).toBe(tensors);
  const [little, more, much] = trained.map(({ facts }) => facts.testAccuracy) as [number, number, number];
  expect(little).toBeGreaterThan(more);
  expect(more).toBeGreaterThan(much);
  const guarantees = trained.map(({ facts }) => facts.privacy);
  expect(guarantees.map((privacy) => privacy?.delta)).toEqual([1 / 400, 1 / 400, 1 / 400]);
  const epsilons = guarantees.map((privacy) => privacy?.epsilon as number);
  expect(epsilons).toEqual([...epsilons].sort((a, b) => b - a));
  expect(trained[0]?.facts.epochs).toBe(20);
});
