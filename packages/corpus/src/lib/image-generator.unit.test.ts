import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { imageGenerator } from './image-generator.ts';

const settings = { classes: 5, size: 24, seed: 3 };

test('an image is a function of seed, split and index alone', () => {
  const [one, other] = [imageGenerator(settings), imageGenerator(settings)];
  const forwards = [0, 1, 2, 3].map((i) => one('train', i));
  const backwards = [3, 2, 1, 0].map((i) => other('train', i)).reverse();
  expect(forwards).toEqual(backwards);
  expect(forwards.map(({ label }) => label)).toEqual([0, 1, 2, 3]);
  expect(one('train', 12).label).toBe(2);
});

test('images, splits and seeds differ', () => {
  const image = imageGenerator(settings);
  const another = imageGenerator({ ...settings, seed: 4 });
  const images = [image('train', 0), image('train', 5), image('test', 0), another('train', 0)];
  expect(new Set(images.map(({ pixels }) => Buffer.from(pixels).toString('hex'))).size).toBe(4);
});

// A new hash means another corpus: raise the version of the `generate` stage.
test('bytes are the same on every machine', () => {
  const image = imageGenerator({ classes: 10, size: 32, seed: 1 });
  const hash = createHash('sha256');
  for (let i = 0; i < 20; i++) hash.update(image('train', i).pixels);
  expect(hash.digest('hex')).toBe('bb2e707e73eae74cbf4cbfd11b3a1e7c7c32c4c387edeb6027829b046fdf4d90');
});

test('pixels fill the range of 8 bits, and their mean tells no class', () => {
  const image = imageGenerator(settings);
  const means = [0, 0, 0, 0, 0];
  let [low, high] = [255, 0];
  for (let i = 0; i < 200; i++) {
    const { pixels, label } = image('train', i);
    for (const value of pixels) {
      means[label] = (means[label] ?? 0) + value / (40 * pixels.length);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  expect([low, high]).toEqual([0, 255]);
  // The mean of an image deviates by about 40, that of 40 images by 7.
  for (const mean of means) expect(Math.abs(mean - 127.5)).toBeLessThan(28);
});
