import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImageShards } from '@radiotracer/corpus';
import { cropFlipBatch, FrozenNetwork, initialParameters, normalise, tf } from '@radiotracer/nets';

import { temporaryShards } from '../../test/temporary-shards.ts';
import { evaluate, extractFeatures, predict, type Predictions } from './evaluate.ts';

/** Two batches of 250 and a row. */
const COUNT = 501;
const CLASSES = 3;
const ALL = Array.from({ length: COUNT }, (_, row) => row);

/** Absolute, on losses and features of about 1: float32 sums may be taken in another order in another batch. */
const TOLERANCE = 1e-5;

let shards: ImageShards;
let remove: () => Promise<void>;
let network: FrozenNetwork;
let direct: Predictions & { readonly features: Float32Array };
beforeAll(async () => {
  ({ shards, remove } = await temporaryShards(COUNT, { classes: CLASSES }));
  const architecture = { name: 'resnet18', stem: 'small', width: 2 } as const;
  const parameters = initialParameters(architecture, CLASSES, 1);
  network = FrozenNetwork.fold(architecture, parameters);
  tf.dispose(parameters);
  direct = computeDirectly();
});
afterAll(async () => {
  network.dispose();
  await remove();
});

/** All rows in one batch; softmax, cross-entropy and the largest logit in double precision. */
function computeDirectly(seen = shards.read(ALL)): typeof direct {
  const pixels = tf.tensor(normalise(seen), [COUNT, shards.height, shards.width, 3]);
  const output = network.logits(pixels);
  const logits = output.logits.arraySync();
  const features = output.features.dataSync() as Float32Array;
  tf.dispose([pixels, output.logits, output.features]);
  const loss = logits.map((row, i) => {
    const total = row.reduce((sum, logit) => sum + Math.exp(logit), 0);
    return Math.log(total) - (row[shards.labels[i] as number] as number);
  });
  const predicted = logits.map((row) => row.indexOf(Math.max(...row)));
  return { loss: Float32Array.from(loss), predicted: Int32Array.from(predicted), features };
}

function expectRows(found: Predictions, rows: readonly number[]): void {
  expect([...found.predicted]).toEqual(rows.map((row) => direct.predicted[row]));
  expectClose(found.loss, direct.loss, rows);
}

/** @param all - the values of all rows, the same number of each */
function expectClose(found: Float32Array, all: Float32Array, rows: readonly number[]): void {
  const size = all.length / COUNT;
  expect(found).toHaveLength(rows.length * size);
  const off = found.map(
    (value, i) => value - (all[(rows[Math.floor(i / size)] as number) * size + (i % size)] as number),
  );
  expect(off.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)).toBeLessThan(TOLERANCE);
}

describe('predict', () => {
  it('gives losses and classes of all rows, over batches and their rest, and nothing that needs more room', async () => {
    expect(new Set(direct.predicted).size).toBeGreaterThan(1); // else a wrong order would not be seen
    const done: number[] = [];
    const found = await predict(network, shards, undefined, (images) => done.push(images));
    expectRows(found, ALL);
    expect(Object.keys(found)).toEqual(['loss', 'predicted']);
    expect(done).toEqual([250, 500, 501]);
  });

  it.each([
    ['one row', [500]],
    ['a whole batch', ALL.slice(7, 257)],
    ['a batch and a row', ALL.slice(0, 251)],
    ['all rows backwards', ALL.toReversed()],
    ['rows out of order, and twice', [3, 499, 3, 0, 250]],
    ['no rows', []],
  ])('gives them in the order asked for: %s', async (_, rows) => {
    expectRows(await predict(network, shards, rows), rows);
    expectRows(await predict(network, shards, Uint32Array.from(rows)), rows);
  });

  it('shows every image as the view moves it', async () => {
    const view = { top: 2, left: -1, flip: true };
    const moved = computeDirectly(cropFlipBatch(shards.read(ALL), shards.height, shards.width, view));
    const found = await predict(network, shards, [3, 499, 0], undefined, view);
    expectClose(found.loss, moved.loss, [3, 499, 0]);
    expect(Math.abs((found.loss[0] as number) - (direct.loss[3] as number))).toBeGreaterThan(10 * TOLERANCE);
  });

  it('keeps no tensor', async () => {
    const before = tf.memory().numTensors;
    await predict(network, shards);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a row that is not there, and keeps no tensor', async () => {
    const before = tf.memory().numTensors;
    await expect(predict(network, shards, [0, COUNT])).rejects.toThrow('row 501 is outside [0, 501)');
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('extractFeatures', () => {
  it('gives features of all rows, over batches and their rest, and keeps no tensor', async () => {
    const before = tf.memory().numTensors;
    const done: number[] = [];
    expectClose(await extractFeatures(network, shards, undefined, (images) => done.push(images)), direct.features, ALL);
    expect(done).toEqual([250, 500, 501]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives them in the order asked for', async () => {
    const backwards = ALL.toReversed();
    expectClose(await extractFeatures(network, shards, backwards), direct.features, backwards);
    expectClose(await extractFeatures(network, shards, [3, 499, 3]), direct.features, [3, 499, 3]);
  });
});

describe('evaluate', () => {
  it('gives the share of right classes and the mean loss over all rows, each counted once', async () => {
    const right = ALL.filter((row) => direct.predicted[row] === shards.labels[row]).length;
    expect(right).toBeGreaterThan(0);
    expect(right).toBeLessThan(COUNT);
    const { accuracy, loss } = await evaluate(network, shards);
    expect(accuracy).toBe(right / COUNT);
    const mean = direct.loss.reduce((sum, value) => sum + value, 0) / COUNT;
    expect(Math.abs(loss - mean)).toBeLessThan(TOLERANCE);
  });
});
