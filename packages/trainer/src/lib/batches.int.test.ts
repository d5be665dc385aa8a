import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImageShards } from '@radiotracer/corpus';
import { normalise, PIXEL_MEAN, PIXEL_STD, tf } from '@radiotracer/nets';

import { settings } from '../../test/settings.ts';
import { temporaryShards } from '../../test/temporary-shards.ts';
import { augmentedBatch, epochOrder, stepsPerEpoch } from './batches.ts';
import { jpegAgain } from './jpeg-again.ts';
import { downAndUp } from './resample.ts';
import type { Augmentation, TrainingSettings } from './types.ts';

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
async function batchOf(rows: readonly number[], training: TrainingSettings, epoch = 1) {
  const { images, labels, targets } = await augmentedBatch(shards, Uint32Array.from(rows), epoch, training);
  const values = { images: images.dataSync() as Float32Array, labels: [...labels.dataSync()] };
  expect({ shape: images.shape, dtype: images.dtype }).toEqual({
    shape: [rows.length, SIZE, SIZE, 3],
    dtype: 'float32',
  });
  expect({ shape: labels.shape, dtype: labels.dtype }).toEqual({ shape: [rows.length], dtype: 'int32' });
  const soft = targets === labels ? undefined : { shape: targets.shape, values: targets.dataSync() as Float32Array };
  tf.dispose([images, labels, targets]);
  return { ...values, soft };
}
const imageOf = async (row: number, training: TrainingSettings, epoch = 1) =>
  (await batchOf([row], training, epoch)).images;

/** A pixel's colour as one string: movements permute pixels and bring in black ones. */
function colours(image: ArrayLike<number>): string[] {
  return Array.from({ length: image.length / 3 }, (_, i) => [image[3 * i], image[3 * i + 1], image[3 * i + 2]].join());
}

/** The levels of a pixel's normalised channels. */
function inLevels(colour: string): number[] {
  return colour
    .split(',')
    .map((value, c) => Math.round(255 * (Number(value) * (PIXEL_STD[c] as number) + (PIXEL_MEAN[c] as number))));
}

/** In float32, numbers of the size of 1. */
const TOLERANCE = 1e-6;

function expectClose(values: ArrayLike<number> | undefined, expected: ArrayLike<number>): void {
  expect(values).toHaveLength(expected.length);
  const differences = Array.from(values ?? [], (value, i) => Math.abs(value - (expected[i] as number)));
  expect(Math.max(...differences)).toBeLessThan(TOLERANCE);
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
  it('holds the normalised pixels and labels of its rows in their order, without crop and flip', async () => {
    const rows = [7, 39, 0, 7];
    const { images, labels, soft } = await batchOf(rows, plain);
    expect(images).toEqual(normalise(shards.read(rows)));
    expect(labels).toEqual(rows.map((row) => shards.labels[row]));
    expect(soft).toBeUndefined();
    expect(new Set(labels).size).toBeGreaterThan(1); // else their order would not be seen
  });

  it('moves an image by (seed, epoch, row), whatever the batch it is in', async () => {
    const alone = await imageOf(5, moving);
    const inBatch = (await batchOf([31, 5, 12], moving)).images;
    expect(inBatch.subarray(alone.length, 2 * alone.length)).toEqual(alone);
  });

  it('moves it otherwise in another epoch or with another seed', async () => {
    const rows = Array.from({ length: COUNT }, (_, row) => row);
    const { images } = await batchOf(rows, moving);
    expect((await batchOf(rows, moving, 2)).images).not.toEqual(images);
    expect((await batchOf(rows, { ...moving, seed: 2 })).images).not.toEqual(images);
    expect((await batchOf(rows, { ...moving, batchSize: 7, learningRate: 9 })).images).toEqual(images);
  });

  it('moves images of a batch each in its own way', async () => {
    const { images } = await batchOf(Array<number>(20).fill(0), moving); // one row, 20 times: one movement
    const size = images.length / 20;
    expect(images.subarray(0, size)).toEqual(images.subarray(19 * size));
    const offsets = new Set<string>();
    for (let row = 0; row < COUNT; row++) {
      const before = colours(normalise(shards.read([row])));
      const after = colours(await imageOf(row, moving));
      const middle = after[(SIZE / 2) * SIZE + SIZE / 2] as string; // inside the image however it is cropped
      const from = before.indexOf(middle);
      expect(from).not.toBe(-1);
      offsets.add(String(from));
    }
    expect(offsets.size).toBeGreaterThan(10); // of 25 crops with or without a flip
  });

  it('flips about half of the images when only flips are asked for', async () => {
    const flipping = settings({ cropPadding: 0, horizontalFlip: true });
    let flipped = 0;
    for (let row = 0; row < COUNT; row++) {
      const image = colours(normalise(shards.read([row])));
      const mirrored = image.map((_, i) => image[i - (i % SIZE) + (SIZE - 1 - (i % SIZE))]);
      const found = colours(await imageOf(row, flipping));
      expect([image, mirrored]).toContainEqual(found);
      if (String(found) === String(mirrored)) flipped++;
    }
    // 40 fair coins: outside of 8..32 with probability 1e-4.
    expect(flipped).toBeGreaterThanOrEqual(8);
    expect(flipped).toBeLessThanOrEqual(32);
  });

  it('changes no image with a crop when no padding is asked for, and some with padding', async () => {
    const cropping = settings({ cropPadding: 1, horizontalFlip: false });
    const same = async (training: TrainingSettings) => {
      const rows = Array.from({ length: COUNT }, (_, row) => row);
      const images = await Promise.all(rows.map((row) => imageOf(row, training)));
      return rows.filter((row) => String(images[row]) === String(normalise(shards.read([row])))).length;
    };
    expect(await same(plain)).toBe(COUNT);
    expect(await same(cropping)).toBeLessThan(COUNT / 2); // one crop of nine leaves an image where it is
  });

  it('changes images before they are moved, each by (seed, epoch, row), whatever the batch it is in', async () => {
    const grey = settings({ ...moving, augmentations: [{ name: 'grey' }] });
    const channels = colours(await imageOf(5, grey)).map((colour) => new Set(inLevels(colour)).size);
    expect(new Set(channels)).toEqual(new Set([1]));
    const drawn = settings({ ...plain, augmentations: [{ name: 'randAugment', operations: 2, magnitude: 15 }] });
    const alone = await imageOf(5, drawn);
    const { images } = await batchOf([31, 5, 12], drawn);
    expect(images.subarray(alone.length, 2 * alone.length)).toEqual(alone);
    const rows = Array.from({ length: COUNT }, (_, row) => row);
    const all = (await batchOf(rows, drawn)).images;
    expect((await batchOf(rows, drawn)).images).toEqual(all);
    expect((await batchOf(rows, drawn, 2)).images).not.toEqual(all);
    expect((await batchOf(rows, { ...drawn, seed: 2 })).images).not.toEqual(all);
  });

  it('does all changes in their order', async () => {
    const resize = { name: 'resize', factor: 0.5 } as const;
    const jpeg = { name: 'jpeg', quality: 20 } as const;
    const both = (...augmentations: Augmentation[]) => imageOf(5, settings({ ...plain, augmentations }));
    const one = await both(resize, jpeg);
    expect(one).not.toEqual(await both(jpeg, resize));
    expect(one).not.toEqual(await both(jpeg));
    const source = { pixels: shards.read([5]), height: SIZE, width: SIZE };
    expect(one).toEqual(normalise((await jpegAgain(downAndUp(source, 0.5), 20)).pixels));
  });

  it('does not move images otherwise because they are changed', async () => {
    const nothing = settings({ ...moving, augmentations: [{ name: 'randAugment', operations: 1, magnitude: 0 }] });
    // At magnitude 0 all but AutoContrast and Equalize leave an image as it is.
    let same = 0;
    for (let row = 0; row < COUNT; row++) {
      if (String(await imageOf(row, nothing)) === String(await imageOf(row, moving))) same++;
    }
    expect(same).toBeGreaterThan(COUNT / 2);
  });

  it('has the probabilities of all classes where labels are smoothed or mixed', async () => {
    const rows = [7, 39, 0, 12];
    const smooth = await batchOf(rows, settings({ ...plain, labelSmoothing: 0.3 }));
    expect(smooth.images).toEqual((await batchOf(rows, plain)).images);
    expect(smooth.soft?.shape).toEqual([4, 3]);
    rows.forEach((row, i) => {
      const expected = [0, 1, 2].map((label) => (label === shards.labels[row] ? 0.8 : 0.1));
      expectClose(smooth.soft?.values.subarray(3 * i, 3 * i + 3), expected);
    });
  });

  it.each(['mixup', 'cutmix'] as const)(
    '%s mixes images and targets alike, by (seed, epoch, first row)',
    async (mix) => {
      const mixing = settings({ ...plain, [mix]: 1 });
      const rows = Array.from({ length: COUNT }, (_, row) => row);
      const { images, labels, soft } = await batchOf(rows, mixing);
      expect(labels).toEqual([...shards.labels]); // of the image that has the larger share, or not
      const clean = (await batchOf(rows, plain)).images;
      const size = clean.length / COUNT;
      const shares = rows.flatMap((row) => {
        const before = (row + COUNT - 1) % COUNT;
        return shards.labels[row] === shards.labels[before]
          ? []
          : [soft?.values[3 * row + (labels[row] as number)] ?? NaN];
      });
      const [share] = shares as [number];
      expectClose(
        shares,
        shares.map(() => share),
      ); // one for all of the batch
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(1);
      let kept = 0;
      const mixed = images.map((value, i) => {
        const before = clean[(i - size + clean.length) % clean.length] as number;
        const own = clean[i] as number;
        if (value === own) kept++;
        return mix === 'mixup' ? share * own + (1 - share) * before : value === own ? own : before;
      });
      expectClose(images, mixed);
      if (mix === 'cutmix') expect(kept / clean.length).toBeGreaterThanOrEqual(share); // some pixels are equal anyway
      expect((await batchOf(rows, mixing)).images).toEqual(images);
      expect((await batchOf(rows, mixing, 2)).images).not.toEqual(images);
    },
  );
});
