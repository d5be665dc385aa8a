import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImageShards } from '@radiotracer/corpus';
import { normalise, tf } from '@radiotracer/nets';

import { settings } from '../../test/settings.ts';
import { temporaryShards } from '../../test/temporary-shards.ts';
import { augmentedBatch, epochOrder, stepsPerEpoch } from './batches.ts';
import type { TrainingSettings } from './types.ts';

const COUNT = 40;
const SIZE = 8;
const plain = settings({ cropPadding: 0, horizontalFlip: false });
const moving = settings({ cropPadding: 2, horizontalFlip: true });

let shards: ImageShards;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ shards, remove } = await temporaryShards(COUNT, { size: SIZE }));
});
afterAll(() => remove());

/** Values of a batch; its tensors are disposed. */
function batchOf(rows: readonly number[], training: TrainingSettings, epoch = 1) {
  const { images, labels } = augmentedBatch(shards, Uint32Array.from(rows), epoch, training);
  const values = { images: images.dataSync() as Float32Array, labels: [...labels.dataSync()] };
  expect({ shape: images.shape, dtype: images.dtype }).toEqual({
    shape: [rows.length, SIZE, SIZE, 3],
    dtype: 'float32',
  });
  expect({ shape: labels.shape, dtype: labels.dtype }).toEqual({ shape: [rows.length], dtype: 'int32' });
  tf.dispose([images, labels]);
  return values;
}
const imageOf = (row: number, training: TrainingSettings, epoch = 1) => batchOf([row], training, epoch).images;

/** A pixel's colour as one string: movements permute pixels and bring in black ones. */
function colours(image: ArrayLike<number>): string[] {
  return Array.from({ length: image.length / 3 }, (_, i) => [image[3 * i], image[3 * i + 1], image[3 * i + 2]].join());
}

describe('stepsPerEpoch', () => {
  it('counts whole batches', () => {
    expect([stepsPerEpoch(64, 32), stepsPerEpoch(63, 32), stepsPerEpoch(32, 32)]).toEqual([2, 1, 1]);
  });
});

describe('epochOrder', () => {
  it('holds every row once', () => {
    expect([...epochOrder(1, 1, 1000)].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it('is a function of seed and epoch, and another for another of either', () => {
    expect(epochOrder(1, 1, 1000)).toEqual(epochOrder(1, 1, 1000));
    expect(epochOrder(1, 1, 1000)).not.toEqual(epochOrder(1, 2, 1000));
    expect(epochOrder(1, 1, 1000)).not.toEqual(epochOrder(2, 1, 1000));
  });
});

describe('augmentedBatch', () => {
  it('holds the normalised pixels and labels of its rows in their order, without crop and flip', () => {
    const rows = [7, 39, 0, 7];
    const { images, labels } = batchOf(rows, plain);
    expect(images).toEqual(normalise(shards.read(rows)));
    expect(labels).toEqual(rows.map((row) => shards.labels[row]));
    expect(new Set(labels).size).toBeGreaterThan(1); // else their order would not be seen
  });

  it('moves an image by (seed, epoch, row), whatever the batch it is in', () => {
    const alone = imageOf(5, moving);
    const inBatch = batchOf([31, 5, 12], moving).images;
    expect(inBatch.subarray(alone.length, 2 * alone.length)).toEqual(alone);
  });

  it('moves it otherwise in another epoch or with another seed', () => {
    const rows = Array.from({ length: COUNT }, (_, row) => row);
    const { images } = batchOf(rows, moving);
    expect(batchOf(rows, moving, 2).images).not.toEqual(images);
    expect(batchOf(rows, { ...moving, seed: 2 }).images).not.toEqual(images);
    expect(batchOf(rows, { ...moving, batchSize: 7, learningRate: 9 }).images).toEqual(images);
  });

  it('moves images of a batch each in its own way', () => {
    const { images } = batchOf(Array<number>(20).fill(0), moving); // one row, 20 times: one movement
    const size = images.length / 20;
    expect(images.subarray(0, size)).toEqual(images.subarray(19 * size));
    const offsets = new Set<string>();
    for (let row = 0; row < COUNT; row++) {
      const before = colours(normalise(shards.read([row])));
      const after = colours(imageOf(row, moving));
      const middle = after[(SIZE / 2) * SIZE + SIZE / 2] as string; // inside the image however it is cropped
      const from = before.indexOf(middle);
      expect(from).not.toBe(-1);
      offsets.add(String(from));
    }
    expect(offsets.size).toBeGreaterThan(10); // of 25 crops with or without a flip
  });

  it('flips about half of the images when only flips are asked for', () => {
    const flipping = settings({ cropPadding: 0, horizontalFlip: true });
    let flipped = 0;
    for (let row = 0; row < COUNT; row++) {
      const image = colours(normalise(shards.read([row])));
      const mirrored = image.map((_, i) => image[i - (i % SIZE) + (SIZE - 1 - (i % SIZE))]);
      const found = colours(imageOf(row, flipping));
      expect([image, mirrored]).toContainEqual(found);
      if (String(found) === String(mirrored)) flipped++;
    }
    // 40 fair coins: outside of 8..32 with probability 1e-4.
    expect(flipped).toBeGreaterThanOrEqual(8);
    expect(flipped).toBeLessThanOrEqual(32);
  });

  it('changes no image with a crop when no padding is asked for, and some with padding', () => {
    const cropping = settings({ cropPadding: 1, horizontalFlip: false });
    const same = (training: TrainingSettings) =>
      Array.from({ length: COUNT }, (_, row) => row).filter(
        (row) => String(imageOf(row, training)) === String(normalise(shards.read([row]))),
      ).length;
    expect(same(plain)).toBe(COUNT);
    expect(same(cropping)).toBeLessThan(COUNT / 2); // one crop of nine leaves an image where it is
  });
});
