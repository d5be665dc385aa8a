import { tf } from './tensorflow.ts';

/** [N, H, W, C]. */
export type Shape4D = [number, number, number, number];

/** Geometry of a square window; `padding` is PyTorch's: zeros, the same on all sides. */
export interface Window {
  readonly stride: number;
  readonly padding: number;
}

/** What a window reads along the height or the width of an image. */
export interface Reach {
  /** First tap of the window that ever meets the image, and how many do. */
  readonly first: number;
  readonly taps: number;
  /** Zeros that these taps read before and after the image. */
  readonly before: number;
  readonly after: number;
}

/** @param taps - width of the window */
export function reachOf(extent: number, taps: number, { stride, padding }: Window): Reach {
  const lastStart = Math.floor((extent + 2 * padding - taps) / stride) * stride - padding;
  const first = Math.max(0, -lastStart);
  const last = Math.min(taps - 1, extent - 1 + padding);
  return { first, taps: last - first + 1, before: padding - first, after: Math.max(0, lastStart + last + 1 - extent) };
}

/** Zeros around two neighbouring axes, the first of which is `axis`; x itself where there are none to add. */
export function pad(x: tf.Tensor, axis: 0 | 1, rows: [number, number], columns: [number, number]): tf.Tensor {
  if ([...rows, ...columns].every((zeros) => zeros === 0)) return x;
  const none: [number, number] = [0, 0];
  return tf.pad(x, axis === 0 ? [rows, columns, none, none] : [none, rows, columns, none]);
}

/** x itself where the slice is all of it. */
export function slice(x: tf.Tensor, begin: Shape4D, size: Shape4D): tf.Tensor {
  return size.every((extent, axis) => extent === x.shape[axis]) ? x : tf.slice(x, begin, size);
}
