import { greyed, type Image, luminance, withPixels } from './image.ts';

/*
 * Pillow's ImageEnhance: a factor of 1 leaves the image, 0 leaves what it lacks (black, grey, one grey level, smooth),
 * and more than 1 goes beyond the image.
 */

export function withBrightness(image: Image, factor: number): Image {
  return blended(() => 0, image, factor);
}

export function withColour(image: Image, factor: number): Image {
  const grey = greyed(image).pixels;
  return blended((i) => grey[i] as number, image, factor);
}

export function withContrast(image: Image, factor: number): Image {
  const grey = luminance(image);
  const mean = Math.floor(grey.reduce((sum, value) => sum + value, 0) / grey.length + 0.5);
  return blended(() => mean, image, factor);
}

export function withSharpness(image: Image, factor: number): Image {
  const smooth = smoothed(image);
  return blended((i) => smooth[i] as number, image, factor);
}

/** base + factor · (image − base) in float32, cut off to whole numbers in 0..255. */
function blended(base: (index: number) => number, image: Image, factor: number): Image {
  const alpha = Math.fround(factor);
  return withPixels(image, (value, i) => {
    const from = base(i);
    return Math.max(0, Math.min(255, Math.trunc(Math.fround(from + Math.fround(alpha * (value - from))))));
  });
}

/** Pillow's SMOOTH: 5/13 of the pixel and 1/13 of its eight neighbours; the border as it is. */
function smoothed({ pixels, height, width }: Image): Uint8Array {
  const out = pixels.slice();
  for (let y = 1; y < height - 1; y++) {
    for (let i = 3 * (y * width + 1); i < 3 * (y * width + width - 1); i++) {
      let sum = 4 * (pixels[i] as number);
      for (const row of [i - 3 * width, i, i + 3 * width]) {
        sum += (pixels[row - 3] as number) + (pixels[row] as number) + (pixels[row + 3] as number);
      }
      out[i] = Math.floor(sum / 13 + 0.5);
    }
  }
  return out;
}
