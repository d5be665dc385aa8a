import { ImageDecodeError } from './errors.ts';

/** Beyond this an image is taken for a decompression bomb: 150 MB of pixels. */
export const maxPixels = 50_000_000;

/** What the first bytes of an image file say of it. */
export interface ImageHeader {
  readonly height: number;
  readonly width: number;
}

/**
 * Reads the size of a PNG or JPEG file from its header, before anything is decoded: a file of some hundred bytes can
 * claim pixels enough to fill any memory.
 *
 * @param bytes - the file, or as much of its beginning as holds the header
 * @throws ImageDecodeError if it is neither, its header is cut off, it is CMYK, or has no pixels or too many
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = isPng(bytes) ? pngHeader(view) : isJpeg(bytes) ? jpegHeader(view) : undefined;
  if (header === undefined) {
    const found =
      isPng(bytes) || isJpeg(bytes)
        ? `${bytes.length} bytes end in their header`
        : `${bytes.length} bytes ${start(bytes)}`;
    throw new ImageDecodeError(`corpus: an image must be a whole PNG or JPEG file; its ${found}`);
  }
  const { height, width, components } = header;
  if (components === 4) {
    throw new ImageDecodeError('corpus: the image is a CMYK JPEG, which has no one RGB form; convert it to RGB');
  }
  if (height * width > maxPixels || height * width === 0) {
    throw new ImageDecodeError(
      `corpus: the image claims to be ${height}×${width}, ${number(height * width)} pixels; ` +
        `valid are 1 to ${number(maxPixels)}`,
    );
  }
  return { height, width };
}

interface FoundHeader extends ImageHeader {
  /** Colour components of a JPEG; those of a PNG do not matter. */
  readonly components?: number;
}

function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47].every((byte, i) => bytes[i] === byte);
}

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8;
}

/** The chunk IHDR, which comes first. */
function pngHeader(view: DataView): FoundHeader | undefined {
  return view.byteLength < 24 ? undefined : { width: view.getUint32(16), height: view.getUint32(20) };
}

/** The frame header (SOFn), which comes after segments of any size. */
function jpegHeader(view: DataView): FoundHeader | undefined {
  for (let at = 2; at + 9 < view.byteLength && view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), components: view.getUint8(at + 9) };
    }
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2); // any number of 0xff may come before a marker
  }
  return undefined;
}

function start(bytes: Uint8Array): string {
  return `start with ${Buffer.from(bytes.subarray(0, 4)).toString('hex') || 'nothing'}`;
}

function number(pixels: number): string {
  return pixels.toLocaleString('en');
}
