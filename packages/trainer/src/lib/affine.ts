import type { Image } from './image.ts';

/** Pixel (x, y) of the result is pixel (a·x + b·y + c, d·x + e·y + f) of the image, by the pixels' centres. */
type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** @param slope - by how many pixels a row is moved against the one above it */
export function shearX(image: Image, slope: number): Image {
  return moved(image, [1, slope, 0, 0, 1, 0]);
}

/** @param slope - by how many pixels a column is moved against the one left of it */
export function shearY(image: Image, slope: number): Image {
  return moved(image, [1, 0, 0, slope, 1, 0]);
}

/** Moves to the right by whole pixels, towards zero. */
export function translateX(image: Image, pixels: number): Image {
  return moved(image, [1, 0, -Math.trunc(pixels), 0, 1, 0]);
}

/** Moves down by whole pixels, towards zero. */
export function translateY(image: Image, pixels: number): Image {
  return moved(image, [1, 0, 0, 0, 1, -Math.trunc(pixels)]);
}

/** Turns about the centre. @param degrees - counterclockwise */
export function rotated(image: Image, degrees: number): Image {
  const angle = (-degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = [image.width / 2, image.height / 2];
  return moved(image, [cos, sin, x - cos * x - sin * y, -sin, cos, y + sin * x - cos * y]);
}

/** The nearest pixels, black from outside, in the 16.16 bits of Pillow's `transform`, so that ties fall as there. */
function moved({ pixels, height, width }: Image, [a, b, c, d, e, f]: Matrix): Image {
  const out = new Uint8Array(pixels.length);
  const fixed = (value: number): number => Math.floor(value * 65536 + 0.5);
  const [dxx, dxy, dyx, dyy] = [fixed(a), fixed(b), fixed(d), fixed(e)];
  const start = { x: fixed(c + a * 0.5 + b * 0.5), y: fixed(f + d * 0.5 + e * 0.5) };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = (start.x + dxx * x + dxy * y) >> 16;
      const fromY = (start.y + dyx * x + dyy * y) >> 16;
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue;
      const [from, to] = [(fromY * width + fromX) * 3, (y * width + x) * 3];
      for (let channel = 0; channel < 3; channel++) out[to + channel] = pixels[from + channel] as number;
    }
  }
  return { pixels: out, height, width };
}
