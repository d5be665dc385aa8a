import { deflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { decodePng } from './decode-png.ts';
import { encodePng, pngFile } from './encode-png.ts';
import { paeth } from './filter-lines.ts';

const [height, width] = [5, 4];
const pixels = Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 37 + (i >> 2) * 101) & 0xff);

/** The filters of the specification, by type, as encoders apply them. */
const predictors: readonly ((left: number, above: number, aboveLeft: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => Math.floor((left + above) / 2),
  paeth,
];

function filtered(types: readonly number[]): Buffer {
  const at = (y: number, i: number) => (y < 0 || i < 0 ? 0 : (pixels[y * width * 3 + i] as number));
  const lines = types.flatMap((type, y) => {
    const values = Array.from({ length: width * 3 }, (_, i) => {
      const guess = predictors[type]?.(at(y, i - 3), at(y - 1, i), i < 3 ? 0 : at(y - 1, i - 3)) ?? 0;
      return (at(y, i) - guess) & 0xff;
    });
    return [type, ...values];
  });
  return deflateSync(Buffer.from(lines));
}

test.each([[[0, 1, 2, 3, 4]], [[4, 3, 2, 1, 0]], [[3, 3, 3, 3, 3]]])('lines filtered by %j', (types) => {
  const data = filtered(types);
  const inTwoChunks = [data.subarray(0, 7), data.subarray(7)];
  expect(decodePng(pngFile(height, width, [data]))).toEqual({ pixels, height, width });
  expect(decodePng(pngFile(height, width, inTwoChunks))).toEqual({ pixels, height, width });
});

test('leaves to others what is damaged, cut off, or of another form', () => {
  const file = encodePng(pixels, height, width);
  expect(decodePng(file)).toEqual({ pixels, height, width });
  for (const at of [20, 25, 45, file.length - 3]) {
    const damaged = Uint8Array.from(file);
    damaged[at] = (damaged[at] as number) ^ 1;
    expect(decodePng(damaged)).toBeUndefined();
  }
  expect(decodePng(file.subarray(0, -12))).toBeUndefined();
  expect(decodePng(new Uint8Array(0))).toBeUndefined();
  expect(decodePng(pngFile(height, width, [filtered([0, 1, 2, 5, 4])]))).toBeUndefined();
});
