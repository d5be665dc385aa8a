import { expect, test } from '@jest/globals';
import { encodePng } from './encode-png.ts';
import { readImageHeader } from './image-header.ts';

/** A JPEG up to its frame header, after a segment of `before` bytes. */
function jpeg(height: number, width: number, { components = 3, before = 16 } = {}): Buffer {
  const segment = Buffer.alloc(2 + before);
  segment.writeUInt16BE(0xffe1, 0);
  segment.writeUInt16BE(before, 2);
  const frame = Buffer.from([0xff, 0xc2, 0, 17, 8, 0, 0, 0, 0, components, 0, 0, 0]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), segment, frame]);
}

function png(height: number, width: number): Buffer {
  const bytes = Buffer.from(encodePng(new Uint8Array(12), 2, 2));
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

test('the size is in the header, which is all that is needed', () => {
  expect(readImageHeader(png(3, 5).subarray(0, 24))).toEqual({ height: 3, width: 5 });
  expect(readImageHeader(jpeg(480, 640))).toEqual({ height: 480, width: 640 });
  expect(readImageHeader(jpeg(1, 1, { components: 1, before: 65_000 }))).toEqual({ height: 1, width: 1 });
  const filled = jpeg(7, 9);
  const padded = Buffer.concat([filled.subarray(0, 2), Buffer.from([0xff, 0xff]), filled.subarray(2)]);
  expect(readImageHeader(padded)).toEqual({ height: 7, width: 9 });
});

test.each([
  ['a PNG bomb', png(60_000, 60_000), 'claims to be 60000×60000, 3,600,000,000 pixels; valid are 1 to 50,000,000'],
  ['a JPEG bomb', jpeg(60_000, 60_000), 'claims to be 60000×60000, 3,600,000,000 pixels'],
  ['just too much', png(5001, 10_000), 'claims to be 5001×10000, 50,010,000 pixels'],
  ['no pixels', jpeg(0, 640), 'claims to be 0×640, 0 pixels'],
  ['CMYK', jpeg(8, 8, { components: 4 }), 'CMYK'],
  ['a PNG cut off', png(8, 8).subarray(0, 23), 'must be a whole PNG or JPEG file; its 23 bytes end in their header'],
  ['a JPEG cut off', jpeg(8, 8).subarray(0, 20), 'its 20 bytes end in their header'],
  ['text', Buffer.from('no image'), 'its 8 bytes start with 6e6f2069'],
  ['nothing', new Uint8Array(), 'its 0 bytes start with nothing'],
])('refuses %s', (_, bytes, problem) => {
  expect(() => readImageHeader(bytes)).toThrow(problem);
  expect(() => readImageHeader(bytes)).toThrow(expect.objectContaining({ name: 'ImageDecodeError', retryable: false }));
});
