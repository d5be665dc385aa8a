import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pythonVenv } from '@radiotracer/testing';
import { encodeJpeg } from './encode-jpeg.ts';
import { imageGenerator } from './image-generator.ts';
import type { DecodedImage } from './types.ts';

/** Smooth, with edges and some noise, not square, no multiple of the 16 pixels of a block. */
const waves: DecodedImage = {
  height: 61,
  width: 90,
  pixels: Uint8Array.from({ length: 61 * 90 * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % 90, Math.floor(i / 3 / 90)];
    return 128 + 50 * Math.sin(x / 9) + (x > 40 ? 40 : 0) + 20 * Math.sin((y * y) / 90 + (i % 3)) + ((i * 7919) % 5);
  }),
};
const generated: DecodedImage = {
  pixels: imageGenerator({ classes: 10, size: 32, seed: 3 })('train', 0).pixels,
  height: 32,
  width: 32,
};
const cases = [waves, generated].flatMap((image) => [30, 75, 90, 95].map((quality) => ({ image, quality })));

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'jpeg-'));
  const python = await pythonVenv(['pillow==12.0.0']);
  const script = fileURLToPath(new URL('../../test/write-jpegs.py', import.meta.url));
  const list = cases.map(({ image, quality }, i) => ({
    ...image,
    quality,
    file: join(dir, `${i}.jpg`),
    pixels: Buffer.from(image.pixels).toString('base64'),
  }));
  execFileSync(python, [script], { input: JSON.stringify(list) });
});
afterAll(() => rm(dir, { recursive: true }));

test.each(cases.map((each, i) => ({ ...each, i })))('a file is the one that PIL writes: case $i', async (each) => {
  const [theirs, ours] = [await readFile(join(dir, `${each.i}.jpg`)), await encodeJpeg(each.image, each.quality)];
  expect(Buffer.compare(ours, theirs)).toBe(0);
});
