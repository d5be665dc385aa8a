import type { Rng } from '@radiotracer/nets';

import { gaussianBlur } from './gaussian-blur.ts';
import { jpegAgain } from './jpeg-again.ts';
import { greyed, type Image } from './image.ts';
import { randAugment } from './rand-augment.ts';
import { downAndUp } from './resample.ts';
import type { Augmentation } from './types.ts';

/** An image after the changes of a training, in their order. Its size stays. */
export async function augmented(image: Image, augmentations: readonly Augmentation[], rng: Rng): Promise<Image> {
  let changed = image;
  for (const augmentation of augmentations) changed = await changedBy(augmentation, changed, rng);
  return changed;
}

function changedBy(augmentation: Augmentation, image: Image, rng: Rng): Image | Promise<Image> {
  switch (augmentation.name) {
    case 'jpeg':
      return jpegAgain(image, augmentation.quality);
    case 'blur':
      return gaussianBlur(image, augmentation.sigma);
    case 'resize':
      return downAndUp(image, augmentation.factor);
    case 'grey':
      return greyed(image);
    case 'randAugment':
      return randAugment(image, augmentation.operations, augmentation.magnitude, rng);
  }
}
