import type { Image } from './image.ts';

/** Bits behind the point of Pillow's filter weights. */
const PRECISION = 22;

/**
 * Resizes by a triangle filter that is as wide as what it shrinks, byte for byte as Pillow's `resize` with `BILINEAR`:
 * first the rows, then the columns, each rounded to 8 bits.
 */
function resized(image: Image, height: number, width: number): Image {
  const rows = { lines: image.height, lineStride: 3 * image.width, outLineStride: 3 * width, stride: 3, outStride: 3 };
  const narrow = width === image.width ? image.pixels : resampled(image.pixels, image.width, width, rows);
  const columns = { lines: width, lineStride: 3, outLineStride: 3, stride: 3 * width, outStride: 3 * width };
  const pixels = height === image.height ? narrow : resampled(narrow, image.height, height, columns);
  return { pixels, height, width };
}

/** Shrinks both sides by a factor in (0, 1), to at least a pixel, and stretches them again. */
export function downAndUp(image: Image, factor: number): Image {
  const shrunk = (side: number): number => Math.max(1, Math.round(side * factor));
  return resized(resized(image, shrunk(image.height), shrunk(image.width)), image.height, image.width);
}

/** Distances in an array of pixels, between neighbours along the axis that is resampled, and between its lines. */
interface Strides {
  readonly lines: number;
  readonly lineStride: number;
  readonly outLineStride: number;
  readonly stride: number;
  readonly outStride: number;
}

function resampled(pixels: Uint8Array, from: number, to: number, strides: Strides): Uint8Array {
  const { lines, lineStride, outLineStride, stride, outStride } = strides;
  const out = new Uint8Array(lines * to * 3);
  for (let x = 0; x < to; x++) {
    const { first, weights } = filterAt(x, from, to);
    for (let line = 0; line < lines; line++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 1 << (PRECISION - 1); // rounds; at most 256 · 2²² in all
        for (let k = 0; k < weights.length; k++) {
          sum += (weights[k] as number) * (pixels[line * lineStride + (first + k) * stride + channel] as number);
        }
        out[line * outLineStride + x * outStride + channel] = Math.min(255, sum >> PRECISION);
      }
    }
  }
  return out;
}

/** The pixels that pixel x of the result is made of, and their weights in whole numbers. */
function filterAt(x: number, from: number, to: number): { readonly first: number; readonly weights: Int32Array } {
  const scale = from / to;
  const reach = Math.max(1, scale);
  const center = (x + 0.5) * scale;
  const first = Math.max(0, Math.trunc(center - reach + 0.5));
  const end = Math.min(from, Math.trunc(center + reach + 0.5));
  const raw = Float64Array.from({ length: end - first }, (_, k) =>
    Math.max(0, 1 - Math.abs((k + first - center + 0.5) / reach)),
  );
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return { first, weights: Int32Array.from(raw, (weight) => Math.trunc(0.5 + (weight / total) * (1 << PRECISION))) };
}
