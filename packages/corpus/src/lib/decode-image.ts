import sharp from 'sharp';
import { ImageDecodeError } from './errors.ts';
import type { DecodedImage } from './types.ts';

/** Beyond this an image is taken for a decompression bomb: 150 MB of pixels. */
const maxPixels = 50_000_000;

// Images are small and many: parallel is what the caller starts, not what happens inside of one, and none comes back.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Decodes a PNG or JPEG file to RGB, byte for byte as PIL's `convert('RGB')` does: grey becomes three equal channels,
 * alpha is dropped, colour profiles and EXIF rotation are ignored. Of 16-bit samples the high byte is kept.
 *
 * @throws ImageDecodeError if the bytes are neither, are cut off or damaged, CMYK, or more than 50 million pixels
 */
export async function decodeImage(bytes: Uint8Array): Promise<DecodedImage> {
  const components = isPng(bytes) ? 3 : jpegComponents(bytes);
  if (components === undefined) {
    const start = Buffer.from(bytes.subarray(0, 4)).toString('hex') || 'nothing';
    throw new ImageDecodeError(
      `corpus: an image must be a PNG or JPEG file; its ${bytes.length} bytes start with ${start}`,
    );
  }
  if (components === 4) {
    throw new ImageDecodeError('corpus: the image is a CMYK JPEG, which has no one RGB form; convert it to RGB');
  }
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: maxPixels })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { pixels: data, height: info.height, width: info.width };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImageDecodeError(`corpus: the image cannot be decoded (${reason.trim()}); replace it by a whole one`, {
      cause,
    });
  }
}

function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47].every((byte, i) => bytes[i] === byte);
}

/** Number of colour components by the frame header (SOFn); 0 if there is none, undefined if it is no JPEG. */
function jpegComponents(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return view.getUint8(at + 9);
  }
  return 0;
}
