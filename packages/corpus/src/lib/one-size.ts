import { ImageSizeError, type CorpusPlace } from './errors.ts';
import type { ImageSize } from './types.ts';

/** @throws ImageSizeError naming the row, if its image has not the size that those before it have */
export function requireOneSize({ file, row }: CorpusPlace, image: ImageSize, before: ImageSize): void {
  if (image.height === before.height && image.width === before.width) return;
  const found = `row ${row} (${file}) is ${image.height}×${image.width}`;
  throw new ImageSizeError(
    `corpus: ${found}, all before it are ${before.height}×${before.width}; bring the images to one size first, or, ` +
      'where a program calls ingest, give it `height` and `width`, to which it scales and crops them',
  );
}
