import { crc32 } from 'node:zlib';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
/** Longest stored block of a deflate stream. */
const maxBlock = 0xffff;

/**
 * Encodes RGB pixels as a PNG file whose bytes depend on the pixels alone.
 *
 * The data is stored and not compressed, because compressors give other bytes on other processors and in other
 * versions, and digests of corpora must not. Costs about a third more space for natural images.
 *
 * @param pixels - uint8 [height, width, 3]
 * @throws RangeError if there are not height · width · 3 bytes
 */
export function encodePng(pixels: Uint8Array, height: number, width: number): Uint8Array {
  if (pixels.length !== height * width * 3 || pixels.length === 0) {
    throw new RangeError(`corpus: ${height}×${width}×3 pixels are ${height * width * 3} bytes, got ${pixels.length}`);
  }
  const lines = Buffer.alloc(height * (1 + width * 3)); // each line starts with its filter, 0: none
  for (let y = 0; y < height; y++)
    lines.set(pixels.subarray(y * width * 3, (y + 1) * width * 3), y * (1 + width * 3) + 1);
  return pngFile(height, width, [storedZlib(lines)]);
}

/**
 * A PNG file of 8-bit RGB, without any optional chunk.
 *
 * @param data - zlib stream of the filtered lines, cut into the pieces that become its `IDAT` chunks
 */
export function pngFile(height: number, width: number, data: readonly Buffer[]): Uint8Array {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]); // 8 bits a sample, RGB
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const pieces = data.map((piece) => chunk('IDAT', piece));
  return Buffer.concat([signature, chunk('IHDR', header), ...pieces, chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** A zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4). */
function storedZlib(data: Buffer): Buffer {
  const parts: Uint8Array[] = [Buffer.from([0x78, 0x01])];
  for (let at = 0; at < data.length; at += maxBlock) {
    const block = data.subarray(at, at + maxBlock);
    const head = Buffer.from([at + maxBlock >= data.length ? 1 : 0, 0, 0, 0, 0]);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ 0xffff, 3);
    parts.push(head, block);
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(adler32(data), 0);
  return Buffer.concat([...parts, checksum]);
}

function adler32(data: Buffer): number {
  let a = 1;
  let b = 0;
  for (const byte of data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}
