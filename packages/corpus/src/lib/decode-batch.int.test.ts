import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { decodeBatch } from './decode-batch.ts';
import { decodeImage } from './decode-image.ts';

/** A JPEG file of one colour, nearly. */
const jpeg = (level: number, side: number): Promise<Buffer> =>
  sharp(Buffer.alloc(side * side * 3, level), { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 100 })
    .toBuffer();
const files = await Promise.all([10, 90, 170, 250].map((level) => jpeg(level, 40)));

test('images that are decoded at the same time do not get one another’s pixels', async () => {
  const together = await Promise.all(files.map((file) => decodeImage(file)));
  for (const [i, file] of files.entries()) expect(together[i]).toEqual(await decodeImage(file));
  expect(new Set(together.map(({ pixels }) => pixels[0])).size).toBe(files.length);
});

test.each([{}, { height: 20, width: 30 }, { height: 50, width: 50 }])(
  'batches that are decoded at the same time, to the size %j, are as those that are decoded alone',
  async (wanted) => {
    const batches = [files, files.toReversed(), [...files, ...files]];
    const together = await Promise.all(batches.map((images) => decodeBatch(images, wanted, new ArrayBuffer(100))));
    for (const [i, images] of batches.entries()) expect(together[i]).toEqual(await decodeBatch(images, wanted));
    const alone = await Promise.all(files.map((file) => decodeBatch([file], wanted)));
    expect(Buffer.from(together[0]?.pixels ?? [])).toEqual(Buffer.concat(alone.map(({ pixels }) => pixels)));
  },
);
