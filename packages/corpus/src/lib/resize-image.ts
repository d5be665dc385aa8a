import sharp from 'sharp';
import type { DecodedImage } from './types.ts';

/** Scales the shorter side to fit, by a Lanczos filter, and cuts the middle out of the longer one. */
export async function resizeImage(image: DecodedImage, height: number, width: number): Promise<DecodedImage> {
  if (image.height === height && image.width === width) return image;
  const raw = { width: image.width, height: image.height, channels: 3 as const };
  const pixels = await sharp(image.pixels, { raw }).resize({ height, width, fit: 'cover' }).raw().toBuffer();
  return { pixels, height, width };
}
