import { constants, deflateSync } from 'node:zlib';
import { encodePng, pngFile } from './encode-png.ts';
import { filterLines } from './filter-lines.ts';
import type { Replacement } from './types.ts';

/** What PIL gives to zlib where it is told nothing. */
const compression = { level: 6, memLevel: 9, strategy: constants.Z_FILTERED };
/** Longest `IDAT` chunk that PIL writes, unless four bytes for each pixel of a line are more. */
const maxPiece = 0x10000;

/**
 * The file of the image that takes the place of another: the one that it brings, or else a PNG file that neither its size
 * nor its form tells from those around it, like `encodePng` if the other's data is stored and not compressed, as in a
 * generated corpus; else as PIL's `Image.save` does by default, with the same filters, chunks and parameters of zlib. Sizes
 * are PIL's, but for the version of zlib: most to the byte, and within 2 %. (sharp cannot: it adds a chunk `pHYs`, and
 * uses a filter that PIL does not.)
 *
 * @param original - the encoded image whose place it takes
 */
export function encodeReplacement(
  { pixels, height, width, file }: Replacement,
  original: Uint8Array | null | undefined,
): Uint8Array {
  if (file) return file;
  if (original && isStoredPng(Buffer.from(original.buffer, original.byteOffset, original.length))) {
    return encodePng(pixels, height, width);
  }
  const stream = deflateSync(filterLines(pixels, height, width), compression);
  const pieces: Buffer[] = [];
  const length = Math.max(maxPiece, width * 4);
  for (let at = 0; at < stream.length; at += length) pieces.push(stream.subarray(at, at + length));
  return pngFile(height, width, pieces);
}

/** Whether a file is a PNG whose zlib stream (RFC 1950) claims the fastest level, and starts with a stored block. */
function isStoredPng(bytes: Buffer): boolean {
  if (bytes.toString('latin1', 1, 4) !== 'PNG') return false;
  let at = 8;
  while (at + 12 <= bytes.length && bytes.toString('latin1', at + 4, at + 8) !== 'IDAT')
    at += 12 + bytes.readUInt32BE(at);
  const [method, level, block = 0] = bytes.subarray(at + 8);
  return method === 0x78 && level === 0x01 && (block & 0b110) === 0;
}
