/** Mean and standard deviation by channel (R, G, B) of ImageNet, of pixels in [0, 1]: torchvision's convention. */
export const PIXEL_MEAN = [0.485, 0.456, 0.406] as const;
export const PIXEL_STD = [0.229, 0.224, 0.225] as const;

const SCALE = PIXEL_STD.map((std) => 1 / (255 * std));
const SHIFT = PIXEL_MEAN.map((mean, c) => -mean / (PIXEL_STD[c] as number));

/**
 * What networks take: (pixel / 255 − mean) / std by channel.
 *
 * @param pixels - 8-bit levels, RGB interleaved, any number of pixels; integers or not
 */
export function normalise(pixels: ArrayLike<number>): Float32Array {
  const [scaleR, scaleG, scaleB] = SCALE as [number, number, number];
  const [shiftR, shiftG, shiftB] = SHIFT as [number, number, number];
  const out = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i += 3) {
    out[i] = (pixels[i] as number) * scaleR + shiftR;
    out[i + 1] = (pixels[i + 1] as number) * scaleG + shiftG;
    out[i + 2] = (pixels[i + 2] as number) * scaleB + shiftB;
  }
  return out;
}
