import sharp from 'sharp';
import { decodeJpeg } from './decode-jpeg.ts';
import { decodePng } from './decode-png.ts';
import { ImageDecodeError } from './errors.ts';
import { isJpeg, maxPixels, readImageHeader } from './image-header.ts';
import type { DecodedImage } from './types.ts';

// Images are small and many: parallel is what the caller starts, not what happens inside of one, and none comes back.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Decodes a PNG or JPEG file to RGB, byte for byte as PIL's `convert('RGB')` does: grey becomes three equal channels,
 * alpha is dropped, colour profiles and EXIF rotation are ignored. Of 16-bit samples the high byte is kept.
 *
 * @param allocate - gives memory for the pixels, so many bytes; used where the decoder lets its memory be chosen
 * @throws ImageDecodeError if the bytes are neither, are cut off or damaged, CMYK, or more than 50 million pixels
 */
export async function decodeImage(
  bytes: Uint8Array,
  allocate: (length: number) => Uint8Array = (length) => new Uint8Array(length),
): Promise<DecodedImage> {
  readImageHeader(bytes);
  const decoded = isJpeg(bytes) ? await decodeJpeg(bytes, allocate) : decodePng(bytes);
  return decoded ?? decodeAny(bytes);
}

/** By sharp, which takes longer, but knows every form that the fast ways leave to it, and says what is wrong. */
async function decodeAny(bytes: Uint8Array): Promise<DecodedImage> {
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
