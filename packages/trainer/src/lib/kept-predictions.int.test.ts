import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ImageShards } from '@radiotracer/corpus';
import { FrozenNetwork, initialParameters, tf } from '@radiotracer/nets';

import { temporaryShards } from '../../test/temporary-shards.ts';
import { extractFeatures, predict } from './evaluate.ts';
import { KeptPredictions } from './kept-predictions.ts';

const COUNT = 300;
/** Two pieces of 2500 rows and a rest. */
const ROWS = Uint32Array.from({ length: 5400 }, (_, i) => (i * 7) % COUNT);

let shards: ImageShards;
let remove: () => Promise<void>;
let network: FrozenNetwork;
let scratchDir: string;
beforeAll(async () => {
  ({ shards, remove } = await temporaryShards(COUNT, { classes: 3 }));
  const architecture = { name: 'resnet18', stem: 'small', width: 2 } as const;
  const parameters = initialParameters(architecture, 3, 1);
  network = FrozenNetwork.fold(architecture, parameters);
  tf.dispose(parameters);
  scratchDir = await mkdtemp(join(tmpdir(), 'radiotracer-predictions-'));
});
afterAll(async () => {
  network.dispose();
  await remove();
  await rm(scratchDir, { recursive: true });
});

/** An attempt at looking at the rows and at all features, and what it reports. */
async function look(until = Infinity) {
  const abort = new AbortController();
  const reported: number[] = [];
  const report = ({ done }: { done: number }): void => {
    reported.push(done);
    if (done >= until) abort.abort(new Error('power cut'));
  };
  const predictions = new KeptPredictions({ scratchDir, report, signal: abort.signal }, ROWS.length + COUNT);
  try {
    const losses = await predictions.losses('losses', network, shards, ROWS);
    return { reported, losses, features: await predictions.features('features', network, shards) };
  } catch {
    return { reported };
  }
}

it('are those of one go, to the bit, and no piece that was kept is made again', async () => {
  expect((await look(3000)).reported.at(-1)).toBe(3000);
  expect(await readdir(scratchDir)).toEqual(['losses-0.sealed']);
  expect((await look(5400)).reported[0]).toBe(2500);
  const { reported, losses, features } = await look();
  expect(reported).toEqual([5400, 5650, 5700]);
  expect(losses).toEqual((await predict(network, shards, ROWS)).loss);
  expect(features).toEqual(await extractFeatures(network, shards));
  expect((await look()).reported).toEqual([]);
});
