import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { drawPicture, pictureFile } from './draw-picture.ts';

/** In pixels, more than rounded points can differ by: TensorFlow's last bits depend on the processor. */
const tolerance = 0.05;
const number = /-?\d+(?:\.\d+)?(?:e-?\d+)?/g;

it('draws the picture that is committed', async () => {
  const drawn = await drawPicture();
  const committed = await readFile(pictureFile, 'utf8');
  expect(drawn.replace(number, '#')).toBe(committed.replace(number, '#'));
  const numbers = (text: string): number[] => (text.match(number) ?? []).map(Number);
  const expected = numbers(committed);
  expect(expected.length).toBeGreaterThan(1000);
  expect(numbers(drawn).filter((value, i) => Math.abs(value - (expected[i] ?? NaN)) > tolerance)).toEqual([]);
});
