import type { Image } from './image.ts';

/** Pixels to either side that a Gaussian of this width is cut off at. */
export function blurReach(sigma: number): number {
  return Math.ceil(3 * sigma);
}

/**
 * Blurs by a Gaussian, as torchvision's `gaussian_blur` with a kernel of 2·⌈3σ⌉ + 1: mirrored at the borders without
 * their own pixels, rounded once.
 *
 * @param sigma - in pixels, above 0; the image's shorter side is longer than ⌈3σ⌉
 */
export function gaussianBlur({ pixels, height, width }: Image, sigma: number): Image {
  const reach = blurReach(sigma);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kernel = weights.map((weight) => weight / total);
  const across = convolved(pixels, kernel, { lines: height, stride: 3 * width }, { taps: width, stride: 3 });
  const both = convolved(across, kernel, { lines: width, stride: 3 }, { taps: height, stride: 3 * width });
  return { pixels: Uint8Array.from(both, roundedToEven), height, width };
}

/** Convolves along one axis; the other one has `lines`. */
function convolved(
  values: ArrayLike<number>,
  kernel: Float64Array,
  { lines, stride: lineStride }: { readonly lines: number; readonly stride: number },
  { taps, stride }: { readonly taps: number; readonly stride: number },
): Float64Array {
  const out = new Float64Array(values.length);
  const reach = (kernel.length - 1) / 2;
  for (let x = 0; x < taps; x++) {
    for (let k = -reach; k <= reach; k++) {
      const weight = kernel[k + reach] as number;
      const from = mirrored(x + k, taps) * stride;
      for (let line = 0; line < lines; line++) {
        const at = line * lineStride;
        for (let channel = 0; channel < 3; channel++) {
          const to = at + x * stride + channel;
          out[to] = (out[to] as number) + weight * (values[at + from + channel] as number);
        }
      }
    }
  }
  return out;
}

/** An index outside of 0..n−1, mirrored at the first or the last. */
function mirrored(index: number, n: number): number {
  const inside = Math.abs(index);
  return inside < n ? inside : 2 * (n - 1) - inside;
}

/** To the nearest whole number, of two the even one, as torch rounds. */
function roundedToEven(value: number): number {
  const floor = Math.floor(value);
  const isTie = value - floor === 0.5;
  return isTie ? floor + (floor % 2) : Math.round(value);
}
