import { type DecodedImage, encodePng } from '@radiotracer/corpus';
import type { Posted } from './protocol.ts';

/** One image as the body of a request. */
export function encodedImage([image]: readonly DecodedImage[], url: string): Posted {
  const { pixels, height, width } = image as DecodedImage;
  return { url, contentType: 'image/png', body: new Uint8Array(encodePng(pixels, height, width)) };
}
