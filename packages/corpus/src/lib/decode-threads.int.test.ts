import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { decodeBatch } from './decode-batch.ts';
import { DecodeThreads } from './decode-threads.ts';

const side = 24;
const file = (level: number): Promise<Buffer> =>
  sharp(Buffer.alloc(side * side * 3, level), { raw: { width: side, height: side, channels: 3 } })
    .jpeg()
    .toBuffer();
const files = await Promise.all(Array.from({ length: 60 }, (_, i) => file(4 * i)));

test.each([
  ['as they are, the first ones while the codec is still being loaded', {}],
  ['resized, which takes as long as it happens to', { height: 16, width: 16 }],
])('every request gets its own images, however many are under way: %s', async (_, wanted) => {
  const threads = DecodeThreads.start();
  try {
    // Long ones and short ones in turn: a short one is ready before the long one that the thread was given first.
    const batches = Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? files : files.slice(i, i + 1 + i)));
    const answers = await Promise.all(batches.map((images) => threads.decode(images, wanted)));
    for (const [i, images] of batches.entries()) {
      const expected = await decodeBatch(images, wanted);
      expect(Buffer.compare(answers[i]?.pixels ?? Buffer.alloc(0), expected.pixels)).toBe(0);
      expect(answers[i]?.sizes).toEqual(expected.sizes);
    }
  } finally {
    await threads.close();
  }
});

test('closing waits for what is being decoded', async () => {
  const threads = DecodeThreads.start();
  const batches = Array.from({ length: 6 }, () => threads.decode(files, {}));
  await threads.close();
  const ended = await Promise.all(batches.map((batch) => Promise.race([batch, Promise.resolve('not yet')])));
  expect(ended.filter((batch) => batch === 'not yet')).toEqual([]);
});

test('a thread that ends of an error fails what it was asked and what it is asked later, and closing ends', async () => {
  const threads = DecodeThreads.start();
  const impossible = { height: -1 };
  const asked = Array.from({ length: 2 * threads.batchesAtOnce }, () => threads.decode(files.slice(0, 1), impossible));
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.map(({ status }) => status)).toEqual(asked.map(() => 'rejected'));
  await expect(threads.decode(files, {})).rejects.toThrow('positive integer');
  await threads.close();
});
