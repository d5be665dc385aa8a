import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ShardsFacts } from '@radiotracer/corpus';
import { type Architecture, encodeSafetensors, initialParameters, tf, toTorchvision } from '@radiotracer/nets';
import { type Artifact, RunStore, runStage, sha256 } from '@radiotracer/store';

import { settings } from '../../test/settings.ts';
import { tinyCorpus } from '../../test/tiny-corpus.ts';
import { importNetwork } from './import-network.ts';
import { openNetwork } from './network-files.ts';
import { trainNetwork } from './train-network.ts';
import type { NetworkFacts } from './types.ts';

let dir: string;
let store: RunStore;
let corpus: { readonly train: Artifact<ShardsFacts>; readonly test: Artifact<ShardsFacts> };
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'radiotracer-import-'));
  store = await RunStore.open(join(dir, 'store'));
  corpus = await tinyCorpus(store);
});
afterAll(async () => rm(dir, { recursive: true }));

/** Writes a file and takes it in. */
async function taken(name: string, bytes: Uint8Array, weightsSha256 = sha256(bytes)): Promise<Artifact<NetworkFacts>> {
  const network = join(dir, name);
  await writeFile(network, bytes);
  return runStage(importNetwork, { weightsSha256, test: corpus.test }, { store, locations: { network } });
}

function weightsOf(architecture: Architecture, classes: number): Uint8Array {
  const parameters = initialParameters(architecture, classes, 1);
  const bytes = encodeSafetensors({ tensors: toTorchvision(parameters), metadata: { format: 'pt' } });
  tf.dispose(parameters);
  return bytes;
}

it('takes a file of another architecture in as it is, with the accuracy that its training saw', async () => {
  const architecture = { name: 'resnet50', stem: 'imagenet', width: 4 } as const;
  const trained = await runStage(
    trainNetwork,
    { ...corpus, architecture, training: settings({ epochs: 1, batchSize: 128 }) },
    { store },
  );
  const file = await readFile(join(store.folder(trained), 'weights.safetensors'));
  const tensors = tf.memory().numTensors;
  const imported = await taken('theirs.safetensors', file);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(imported.facts).toEqual({ ...trained.facts, epochs: 0 });
  expect(await readFile(join(store.folder(imported), 'weights.safetensors'))).toEqual(file);
  expect(await readFile(join(store.folder(imported), 'log.jsonl'), 'utf8')).toBe('');
});

it('takes timm’s VGG-16 in, whose linear layers are convolutions', async () => {
  const architecture = { name: 'vgg16', stem: 'imagenet', width: 2 } as const;
  const parameters = initialParameters(architecture, 4, 1);
  const theirs = Object.entries(toTorchvision(parameters)).map(([name, tensor]) => {
    const timms = name.replace('classifier.0', 'pre_logits.fc1').replace('classifier.3', 'pre_logits.fc2');
    const shapes: Record<string, number[]> = {
      'pre_logits.fc1.weight': [128, 16, 7, 7],
      'pre_logits.fc2.weight': [128, 128, 1, 1],
    };
    return [timms.replace('classifier.6', 'head.fc'), { ...tensor, shape: shapes[timms] ?? tensor.shape }] as const;
  });
  tf.dispose(parameters);
  corpus = await tinyCorpus(store, { size: 32 });
  const imported = await taken(
    'timm.safetensors',
    encodeSafetensors({ tensors: Object.fromEntries(theirs), metadata: {} }),
  );
  expect(imported.facts).toMatchObject({ architecture, classNames: corpus.test.facts.classNames });
  const network = openNetwork(store.folder(imported));
  expect([network.featureSize, network.classes]).toEqual([128, 4]);
  network.dispose();
});

it.each<[string, string, Uint8Array, string]>([
  ['a pickle', 'net.pth', Buffer.from('PK\u0003\u0004'), 'a PyTorch pickle can run code when it is read'],
  ['no network', 'one.safetensors', encodeSafetensors({ tensors: {}, metadata: {} }), 'its 0 tensors make no network'],
  [
    'other classes',
    'five.safetensors',
    weightsOf({ name: 'resnet18', stem: 'small', width: 2 }, 5),
    'it tells 5 classes apart, the corpus has 4 (',
  ],
])('refuses %s', async (_, name, bytes, problem) => {
  await expect(taken(name, bytes)).rejects.toMatchObject({
    name: 'WeightsError',
    retryable: false,
    message: expect.stringContaining(`${join(dir, name)}: ${problem}`),
  });
});

it('refuses a file that was changed since it was named', async () => {
  const bytes = weightsOf({ name: 'resnet18', stem: 'small', width: 2 }, 4);
  await expect(taken('changed.safetensors', bytes, 'a'.repeat(64))).rejects.toThrow(/its SHA-256 is .*, not a{64}; it/);
});
