import { SmallImagesError } from './errors.ts';
import { attribute, execute, tf } from './tensorflow.ts';
import type { Shape4D } from './window.ts';

/** A pooling that was computed, and its gradient. For use inside `tf.tidy`. */
export interface Averaged {
  readonly y: tf.Tensor;
  /** Gradient with respect to x, [N, H, W, C]. */
  readonly inputGradient: (dy: tf.Tensor) => tf.Tensor;
}

const HALVING = [
  attribute.floatType('T'),
  attribute.int('ksize', [1, 2, 2, 1]),
  attribute.int('strides', [1, 2, 2, 1]),
  attribute.string('padding', 'VALID'),
  attribute.string('data_format', 'NHWC'),
];

/** 2×2 averages with stride 2, [N, H, W, C] → [N, ⌊H/2⌋, ⌊W/2⌋, C]. Throws `SmallImagesError` if nothing is left. */
export function halve(x: tf.Tensor): Averaged {
  const [, height, width] = x.shape as Shape4D;
  if (height < 2 || width < 2) throw new SmallImagesError(height, width);
  const shape = tf.tensor1d(x.shape, 'int32');
  return {
    y: execute('AvgPool', HALVING, [x]),
    inputGradient: (dy) => execute('AvgPoolGrad', HALVING, [shape, dy]),
  };
}

/**
 * Averages of `side`² parts, [N, H, W, C] → [N, C · side²], channel by channel: torch's `AdaptiveAvgPool2d(side)` and
 * `flatten(1)`. Part i of an axis of n pixels goes from ⌊i n / side⌋ to ⌈(i + 1) n / side⌉; parts overlap where n is no
 * multiple, and pixels are repeated where n < side.
 */
export function averageParts(x: tf.Tensor, side: number): Averaged {
  const [n, height, width, channels] = x.shape as Shape4D;
  const weights = partWeights(height, width, side); // [side², H · W]
  const shape = [n, height * width, channels];
  const pooled = tf.matMul(tf.reshape(x, shape), weights, true, true); // [N, C, side²]
  return {
    y: tf.reshape(pooled, [n, channels * side * side]),
    inputGradient(dy) {
      const gradient = tf.matMul(weights, tf.reshape(dy, [n, channels, side * side]), true, true); // [N, H · W, C]
      return tf.reshape(gradient, x.shape);
    },
  };
}

function partWeights(height: number, width: number, side: number): tf.Tensor {
  const [rows, columns] = [axisWeights(height, side), axisWeights(width, side)];
  const weights = new Float32Array(side * side * height * width);
  let index = 0;
  for (const row of rows) {
    for (const column of columns) for (const y of row) for (const x of column) weights[index++] = y * x;
  }
  return tf.tensor(weights, [1, side * side, height * width]);
}

/** [side][extent]. */
function axisWeights(extent: number, side: number): number[][] {
  return Array.from({ length: side }, (_, i) => {
    const [from, to] = [Math.floor((i * extent) / side), Math.ceil(((i + 1) * extent) / side)];
    return Array.from({ length: extent }, (_, at) => (at >= from && at < to ? 1 / (to - from) : 0));
  });
}
