import { SmallImagesError } from './errors.ts';
import type { Pool } from './layers.ts';
import { executeOneDnn, hasOneDnn } from './one-dnn.ts';
import type { tf } from './tensorflow.ts';
import { attribute, execute, type OpAttribute } from './tensorflow.ts';
import { pad, type Reach, reachOf, type Shape4D, slice } from './window.ts';

/** A max-pooling that was computed, and its gradient. For use inside `tf.tidy`. */
export interface Pooled {
  /** [N, H', W', C]. */
  readonly y: tf.Tensor;
  /** Gradient with respect to x, [N, H, W, C]. */
  readonly inputGradient: (dy: tf.Tensor) => tf.Tensor;
}

/**
 * Max-pooling of x [N, H, W, C]. x must not be negative, as after a ReLU: then padding by 0 is PyTorch's padding by −∞.
 * Of equal pixels the first gets the gradient, as in PyTorch. Throws `SmallImagesError` if nothing is left.
 */
export function maxPool(x: tf.Tensor, pool: Pool): Pooled {
  const [n, height, width, channels] = x.shape as Shape4D;
  const { size, stride, padding } = pool;
  if (Math.min(height, width) + 2 * padding < size) throw new SmallImagesError(height, width);
  const rows = reachOf(height, size, pool);
  const columns = reachOf(width, size, pool);
  const padded = pad(x, 1, [rows.before, rows.after], [columns.before, columns.after]);
  const attributes = attributesOf(rows, columns, stride);
  const { y, inputGradient } = hasOneDnn ? oneDnnPool(padded, attributes) : plainPool(padded, attributes);
  const begin: Shape4D = [0, rows.before, columns.before, 0];
  return { y, inputGradient: (dy) => slice(inputGradient(dy), begin, [n, height, width, channels]) };
}

/** TensorFlow's own gradient looks for the largest pixels again: 15 times slower, 7% of a training step at 64×64. */
function oneDnnPool(x: tf.Tensor, plain: OpAttribute[]): Pooled {
  const attributes = [...plain, attribute.bool('workspace_enabled', true)];
  const [y, largest] = executeOneDnn('MaxPool', attributes, [x], 2) as [tf.Tensor, tf.Tensor];
  return {
    y,
    inputGradient: (dy) => executeOneDnn('MaxPoolGrad', attributes, [x, y, dy, largest], 1)[0] as tf.Tensor,
  };
}

function plainPool(x: tf.Tensor, attributes: OpAttribute[]): Pooled {
  const y = execute('MaxPool', attributes, [x]);
  return { y, inputGradient: (dy) => execute('MaxPoolGrad', attributes, [x, y, dy]) };
}

function attributesOf(rows: Reach, columns: Reach, stride: number): OpAttribute[] {
  return [
    attribute.floatType('T'),
    attribute.int('ksize', [1, rows.taps, columns.taps, 1]),
    attribute.int('strides', [1, stride, stride, 1]),
    attribute.string('padding', 'VALID'),
    attribute.string('data_format', 'NHWC'),
  ];
}
