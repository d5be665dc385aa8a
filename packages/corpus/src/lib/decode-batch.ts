import { decodeImage } from './decode-image.ts';
import { ImageDecodeError } from './errors.ts';
import { resizeImage } from './resize-image.ts';
import type { CorpusRow, IngestInput } from './types.ts';

/** Scale and crop to this; where one is missing, it is as the other; left as it is if both are. */
export type WantedSize = Pick<IngestInput, 'height' | 'width'>;

/** Decoded images, one after the other. */
export interface DecodedBatch {
  /** uint8 [H, W, 3] of each image. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Height and width of each image, [n, 2]. */
  readonly sizes: Int32Array<ArrayBuffer>;
  /** Why the image after these cannot be decoded, see `ImageDecodeError`. */
  readonly problem?: string;
}

/**
 * Decodes images, up to the first that cannot be decoded.
 *
 * @param room - memory for the pixels, taken if they fit
 */
export async function decodeBatch(
  images: readonly CorpusRow['image'][],
  { height, width }: WantedSize,
  room?: ArrayBuffer,
): Promise<DecodedBatch> {
  let pixels = new Uint8Array(room ?? new ArrayBuffer(0));
  let length = 0;
  const place = (bytes: number): Uint8Array => {
    if (length + bytes > pixels.length) {
      pixels = withRoom(pixels.subarray(0, length), Math.max(length + bytes, 2 * pixels.length));
    }
    return pixels.subarray(length, length + bytes);
  };
  const sizes: number[] = [];
  let problem: string | undefined;
  for (const image of images) {
    try {
      const whole = image instanceof Uint8Array ? await decodeImage(image, place) : image;
      const sized = await resizeImage(whole, height ?? width ?? whole.height, width ?? height ?? whole.width);
      place(sized.pixels.length).set(sized.pixels); // where it lies already, if it has its size
      length += sized.pixels.length;
      sizes.push(sized.height, sized.width);
    } catch (error) {
      if (!(error instanceof ImageDecodeError)) throw error;
      problem = error.message;
      break;
    }
  }
  return {
    pixels: pixels.subarray(0, length),
    sizes: Int32Array.from(sizes),
    ...(problem !== undefined && { problem }),
  };
}

/** The same bytes at the start of a larger buffer. */
function withRoom(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}

/**
 * In a buffer of its own, which can be given to another thread; `Buffer.concat` may take a part of a shared one.
 *
 * @param room - this buffer, if it is large enough
 */
export function concatenated(parts: readonly Uint8Array[], room?: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = room && room.byteLength >= bytes ? new Uint8Array(room, 0, bytes) : new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
