import type { Stem } from './family.ts';
import type { Convolution, Layers } from './layers.ts';

/**
 * How residual and dense networks begin: a normalised convolution, 7×7 with stride 2 and a pool behind it, or 3×3 where
 * images are small.
 *
 * @returns the activation; the images are not told to be done
 */
export function firstLayers<T>(
  layers: Layers<T>,
  images: T,
  stem: Stem,
  convolution: Required<Pick<Convolution, 'name' | 'norm' | 'outputs'>>,
): T {
  const window = stem === 'imagenet' ? { size: 7, stride: 2, padding: 3 } : { size: 3, stride: 1, padding: 1 };
  const x = layers.convolution(images, { ...window, ...convolution, bias: false, relu: true });
  if (stem === 'small') return x;
  const pooled = layers.maxPool(x, { size: 3, stride: 2, padding: 1 });
  layers.done(x);
  return pooled;
}
