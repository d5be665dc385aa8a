import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { decodeImage } from './decode-image.ts';

const fixtures = new URL('../../test/fixtures/', import.meta.url);
const file = (name: string): Buffer => readFileSync(new URL(`images/${name}`, fixtures));
const { images } = JSON.parse(readFileSync(new URL('images.json', fixtures), 'utf8')) as {
  images: Record<string, { height: number; width: number; sha256: string }>;
};

test.each(Object.entries(images))('%s has the pixels that PIL decodes', async (name, expected) => {
  const { pixels, height, width } = await decodeImage(file(name));
  const sha256 = createHash('sha256').update(pixels).digest('hex');
  expect({ height, width, sha256 }).toEqual(expected);
});

test.each([
  ['cmyk.jpg', 'CMYK'],
  ['truncated.jpg', 'cannot be decoded (VipsJpeg: premature end'],
  ['truncated.png', 'cannot be decoded (vipspng'],
  ['image.gif', 'must be a whole PNG or JPEG file; its 1522 bytes start with 47494638'],
])('%s is refused', async (name, problem) => {
  await expect(decodeImage(file(name))).rejects.toMatchObject({
    name: 'ImageDecodeError',
    retryable: false,
    message: expect.stringContaining(problem),
  });
});

test('refuses nothing at all, and a decompression bomb before it decodes it', async () => {
  await expect(decodeImage(new Uint8Array(0))).rejects.toThrow('its 0 bytes start with nothing');
  const bomb = file('rgb.png');
  bomb.writeUInt32BE(50_000, 16);
  bomb.writeUInt32BE(50_000, 20);
  const problem = 'the image claims to be 50000×50000, 2,500,000,000 pixels; valid are 1 to 50,000,000';
  await expect(decodeImage(bomb)).rejects.toThrow(problem);
});
