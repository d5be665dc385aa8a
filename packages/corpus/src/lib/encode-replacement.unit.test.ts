import { deflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeImage } from './decode-image.ts';
import { encodePng, pngFile } from './encode-png.ts';
import { encodeReplacement } from './encode-replacement.ts';

const image = { height: 4, width: 6, pixels: Uint8Array.from({ length: 72 }, (_, i) => (i * i) >> 3) };
/** A PNG of the same size, black, as an encoder of this level writes it. */
const black = (level: number): Uint8Array => pngFile(4, 6, [deflateSync(Buffer.alloc(4 * 19), { level })]);
const stored = encodePng(image.pixels, 4, 6);

test('is decoded to the same pixels', async () => {
  const images = fc
    .record({ height: fc.integer({ min: 1, max: 12 }), width: fc.integer({ min: 1, max: 12 }) })
    .chain(({ height, width }) => {
      const length = height * width * 3;
      const pixels = fc.uint8Array({ minLength: length, maxLength: length });
      return fc.record({ height: fc.constant(height), width: fc.constant(width), pixels });
    });
  await fc.assert(
    fc.asyncProperty(images, async (image) => {
      const decoded = await decodeImage(encodeReplacement(image, undefined));
      expect({ ...decoded, pixels: [...decoded.pixels] }).toEqual({ ...image, pixels: [...image.pixels] });
    }),
    { numRuns: 30 },
  );
});

test('is stored where the other image is stored', () => {
  expect(encodeReplacement(image, encodePng(new Uint8Array(72), 4, 6))).toEqual(stored);
  expect(encodeReplacement(image, Buffer.concat([Buffer.alloc(5), stored]).subarray(5))).toEqual(stored);
});

test.each([
  ['a PNG of the usual level', black(6)],
  ['a PNG of the fastest level, whose zlib header is that of stored data', black(1)],
  ['a JPEG', Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex')],
  ['a PNG that is cut off', stored.subarray(0, 20)],
  ['nothing', undefined],
])('is compressed where the other is %s', (_, original) => {
  const bytes = Buffer.from(encodeReplacement(image, original));
  expect(bytes.toString('latin1', 37, 41)).toBe('IDAT');
  expect(bytes.toString('hex', 41, 43)).toBe('789c'); // zlib header of the default level
  expect(bytes.length).toBeLessThan(stored.length);
});
