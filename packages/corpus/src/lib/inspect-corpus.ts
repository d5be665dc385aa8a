import { explaining } from './explaining.ts';
import { layouts } from './layouts.ts';
import { requireOneSize } from './one-size.ts';
import type { CorpusFiles, ImageSize } from './types.ts';

/**
 * Checks what can be seen of the rows without decoding an image, so that most of what would stop a run is told before
 * it starts: every label, and that images begin as images of one size. Of class folders all images are looked at, of
 * each Parquet file the first; CIFAR's have one size.
 *
 * @returns size of the images by split; a split without rows is left out
 * @throws CorpusError at the first row that has a label out of range, or no image
 * @throws ImageSizeError if images of a split differ in size; CorpusNotFoundError if a file may not be read
 */
export async function inspectCorpus(corpus: CorpusFiles): Promise<Readonly<Record<string, ImageSize>>> {
  return explaining(corpus.dir, () => inspect(corpus));
}

async function inspect(corpus: CorpusFiles): Promise<Readonly<Record<string, ImageSize>>> {
  const sizes: Record<string, ImageSize> = {};
  for (const split of Object.keys(corpus.splits)) {
    for await (const image of layouts[corpus.layout].inspect(corpus, split)) {
      const size = (sizes[split] ??= { height: image.height, width: image.width });
      requireOneSize(image, image, size);
    }
  }
  return sizes;
}
