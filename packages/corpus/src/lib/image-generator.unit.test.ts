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
  expect(hash.digest('hex')).toBe('8051aad80623f67674f3ec7567ab9b710a37c6fdf2bbf1ac9804191d0a7982b2');
});

test('pixels fill the range of 8 bits, and their mean hardly tells a class', () => {
  const image = imageGenerator(settings);
  const images = Array.from({ length: 400 }, (_, i) => image('train', i));
  const values = images.flatMap(({ pixels }) => [...pixels]);
  expect([values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]).toEqual([0, 255]);

  const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const brightness = images.map(({ pixels }) => mean([...pixels]));
  const predicted = brightness.map((value, i) => {
    const others = brightness.filter((_, j) => j !== i);
    const nearest = others.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
    return images[brightness.indexOf(nearest)]?.label;
  });
  const right = predicted.filter((label, i) => label === images[i]?.label).length;
  expect(right / images.length).toBeLessThan(0.35); // of five classes: chance is 0.2, its standard error 0.02
});
