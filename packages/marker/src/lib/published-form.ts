import { decodeImage, encodeJpeg, type ImageSize } from '@radiotracer/corpus';

/** Images as the world will see them. */
export interface PublishedImages {
  /** In the shape that they had. */
  readonly pixels: Uint8Array;
  /** [n]; left out for PNG, which any pixels become without loss. */
  readonly files?: readonly Uint8Array[];
}

const JPEG = /^jpeg:([1-9][0-9]?|100)$/;

/** Whether a setting `encode` is one: `png`, or `jpeg:` and a quality in 1..100. */
export function isEncoding(encode: string): boolean {
  return encode === 'png' || JPEG.test(encode);
}

/**
 * Images [n, H, W, 3] as they come back from the format that a setting `encode` names.
 *
 * Marks are not optimised through the codec: at equal PSNR that moved features no further (docs/tried.md).
 */
export async function publishedForm(
  pixels: Uint8Array,
  { height, width }: ImageSize,
  encode = 'png',
): Promise<PublishedImages> {
  const [, quality] = JPEG.exec(encode) ?? [];
  if (quality === undefined) return { pixels };
  const size = height * width * 3;
  const images = Array.from({ length: pixels.length / size }, (_, i) => pixels.subarray(i * size, (i + 1) * size));
  const files = await Promise.all(images.map((image) => encodeJpeg({ pixels: image, height, width }, Number(quality))));
  const decoded = await Promise.all(files.map((file) => decodeImage(file)));
  return { pixels: Buffer.concat(decoded.map((image) => image.pixels)), files };
}
