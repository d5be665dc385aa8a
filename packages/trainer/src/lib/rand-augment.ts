import type { Rng } from '@radiotracer/nets';

import { rotated, shearX, shearY, translateX, translateY } from './affine.ts';
import { withBrightness, withColour, withContrast, withSharpness } from './enhance.ts';
import { autoContrasted, equalized, posterized, solarized } from './levels.ts';
import type { Image } from './image.ts';

/** Of the largest magnitude; the least is 0. */
export const MOST_MAGNITUDE = 30;

interface Operation {
  /** Whether it goes either way, by a coin. */
  readonly isSigned: boolean;
  /** @param strength - in [0, 1], or [−1, 1] if it is signed */
  readonly apply: (image: Image, strength: number) => Image;
}

const signed = (apply: Operation['apply']): Operation => ({ isSigned: true, apply });
const unsigned = (apply: Operation['apply']): Operation => ({ isSigned: false, apply });

/** Of Google's AutoAugment: so much of a side is the longest way. */
const LONGEST_WAY = 150 / 331;

/** All operations of torchvision's `RandAugment`, by its names, in its order, as they are on Pillow's images. */
export const operations = {
  Identity: unsigned((image) => image),
  ShearX: signed((image, strength) => shearX(image, 0.3 * strength)),
  ShearY: signed((image, strength) => shearY(image, 0.3 * strength)),
  TranslateX: signed((image, strength) => translateX(image, LONGEST_WAY * image.width * strength)),
  TranslateY: signed((image, strength) => translateY(image, LONGEST_WAY * image.height * strength)),
  Rotate: signed((image, strength) => rotated(image, 30 * strength)),
  Brightness: signed((image, strength) => withBrightness(image, 1 + 0.9 * strength)),
  Color: signed((image, strength) => withColour(image, 1 + 0.9 * strength)),
  Contrast: signed((image, strength) => withContrast(image, 1 + 0.9 * strength)),
  Sharpness: signed((image, strength) => withSharpness(image, 1 + 0.9 * strength)),
  Posterize: unsigned((image, strength) => posterized(image, 8 - Math.round(4 * strength))),
  Solarize: unsigned((image, strength) => solarized(image, 255 * (1 - strength))),
  AutoContrast: unsigned(autoContrasted),
  Equalize: unsigned(equalized),
} satisfies Record<string, Operation>;

const all: readonly Operation[] = Object.values(operations);

/**
 * RandAugment (Cubuk et al. 2019, arXiv 1909.13719) as torchvision has it: so many operations one after the other, each
 * drawn from all fourteen, all of one magnitude.
 *
 * @param magnitude - a whole number in 0..30
 */
export function randAugment(image: Image, operations: number, magnitude: number, rng: Rng): Image {
  let changed = image;
  for (let n = 0; n < operations; n++) {
    const { isSigned, apply } = all[rng.integer(all.length)] as Operation;
    const strength = magnitude / MOST_MAGNITUDE;
    changed = apply(changed, isSigned && rng.uniform() < 0.5 ? -strength : strength);
  }
  return changed;
}
