import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeImage } from './decode-image.ts';
import { encodePng } from './encode-png.ts';

test('is decoded to the same pixels', async () => {
  const image = fc
    .record({ height: fc.integer({ min: 1, max: 12 }), width: fc.integer({ min: 1, max: 12 }), fill: fc.nat(255) })
    .map(({ height, width, fill }) => ({
      height,
      width,
      pixels: Uint8Array.from({ length: height * width * 3 }, (_, i) => fill + i * 37),
    }));
  await fc.assert(
    fc.asyncProperty(image, async ({ pixels, height, width }) => {
      const decoded = await decodeImage(encodePng(pixels, height, width));
      expect({ ...decoded, pixels: [...decoded.pixels] }).toEqual({ pixels: [...pixels], height, width });
    }),
    { numRuns: 30 },
  );
});

test('an image longer than a block of a deflate stream survives', async () => {
  const pixels = Uint8Array.from({ length: 200 * 150 * 3 }, (_, i) => (i * i) >> 7);
  const decoded = await decodeImage(encodePng(pixels, 200, 150));
  expect(Buffer.from(pixels).equals(decoded.pixels)).toBe(true);
});

test('bytes are the same on every machine', () => {
  const png = encodePng(
    Uint8Array.from({ length: 48 }, (_, i) => i),
    4,
    4,
  );
  expect(createHash('sha256').update(png).digest('hex')).toBe(
    'bc174d682fa5422e2d86e5538f5a8ad4edf2b3c247ca829f078e66981657ecd7',
  );
});

test('refuses pixels that are not height × width × 3', () => {
  expect(() => encodePng(new Uint8Array(11), 2, 2)).toThrow('2×2×3 pixels are 12 bytes, got 11');
  expect(() => encodePng(new Uint8Array(0), 0, 5)).toThrow(RangeError);
});
