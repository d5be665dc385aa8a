import { relu } from './kernels.ts';
import { executeByEither, executeOneDnn, hasOneDnn } from './one-dnn.ts';
import { phaseFilter } from './phase-filter.ts';
import { attribute, execute, type OpAttribute, tf } from './tensorflow.ts';
import { pad, type Reach, reachOf, type Shape4D, slice, type Window } from './window.ts';

/** A convolution that was computed, and its gradients. For use inside `tf.tidy`. */
export interface Convolved {
  /** [N, H', W', O]. */
  readonly y: tf.Tensor;
  /** Gradient with respect to the images, [N, H, W, C]. */
  readonly inputGradient: (dy: tf.Tensor) => tf.Tensor;
  /** Gradient with respect to the filter, [h, w, C, O]. */
  readonly filterGradient: (dy: tf.Tensor) => tf.Tensor;
}

/** What follows a convolution, and is done while its result is written. */
export interface Finish {
  /** [O]. */
  readonly bias: tf.Tensor;
  readonly relu: boolean;
}

/**
 * Convolution of images [N, H, W, C] with a filter [h, w, C, O]. Its gradients take that of the convolution alone, not of
 * the finish.
 *
 * Taps of the filter that meet padding alone are cut off, and zeros that no window reads are not added. The last stage of
 * a ResNet-18 sees images of 32×32 as 1×1, where one tap of nine is left: a training step takes a sixth less.
 */
export function convolve(x: tf.Tensor, filter: tf.Tensor, window: Window, finish?: Finish): Convolved {
  const [n, height, width, channels] = x.shape as Shape4D;
  const [h, w, , outputs] = filter.shape as Shape4D;
  const rows = reachOf(height, h, window);
  const columns = reachOf(width, w, window);
  const taps = slice(filter, [rows.first, columns.first, 0, 0], [rows.taps, columns.taps, channels, outputs]);
  const y = forward(x, taps, finish, window.stride, rows, columns);

  // EXPLICIT padding is PyTorch's, but on a CPU the gradients then take kernels that are 4 to 50 times slower.
  const isSame = window.stride === 1 && isCentred(rows) && isCentred(columns);
  const padding = isSame ? 'SAME' : 'VALID';
  const zeros = (axis: Reach) => (isSame ? 0 : axis.before + axis.after);
  const paddedShape = [n, height + zeros(rows), width + zeros(columns), channels];
  return {
    y,
    inputGradient(dy) {
      const [, rowsOut, columnsOut] = dy.shape as Shape4D;
      if (window.stride === 2 && channels <= FEW && 2 * rowsOut >= height && 2 * columnsOut >= width) {
        const phases = phaseFilter(taps, rows, columns);
        const gradient = forward(dy, phases.filter, undefined, 1, phases.rows, phases.columns);
        return slice(tf.depthToSpace(gradient as tf.Tensor4D, 2), [0, 0, 0, 0], x.shape as Shape4D);
      }
      const attributes = attributesOf(window.stride, { padding });
      const gradient = gradientBy('Conv2DBackpropInput', attributes, [int32Shape(paddedShape), taps, dy]);
      return isSame ? gradient : slice(gradient, [0, rows.before, columns.before, 0], [n, height, width, channels]);
    },
    filterGradient(dy) {
      const gradient = tf.tidy(() => {
        const padded = isSame ? x : padImages(x, rows, columns);
        const [images, stride] = pixelsRead(padded, taps, window.stride);
        const attributes = attributesOf(stride, { padding });
        return gradientBy('Conv2DBackpropFilter', attributes, [images, int32Shape(taps.shape), dy]);
      });
      const cutOff = (all: number, { first, taps }: Reach): [number, number] => [first, all - first - taps];
      return pad(gradient, 0, cutOff(h, rows), cutOff(w, columns));
    },
  };
}

/**
 * The pixels that a filter's gradient reads, and its stride over them. oneDNN's gradient of a strided 1×1 filter writes
 * beyond its memory where channels do not fill a block of its own (seen with 4 and 8, oneDNN 3.7.3); without a stride it
 * does not, and has the same bits. Wider networks are spared the copy.
 */
function pixelsRead(x: tf.Tensor, taps: tf.Tensor, stride: number): [tf.Tensor, number] {
  const [h, w, channels] = taps.shape as Shape4D;
  if (stride === 1 || h !== 1 || w !== 1 || channels % BLOCK === 0) return [x, stride];
  return [tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, stride, stride, 1]), 1];
}

/** Channels in oneDNN's largest block. */
const BLOCK = 16;

/** So few channels, those of images, leave oneDNN's gradient kernel with its vectors almost empty. */
const FEW = 3;

/** Whether TensorFlow's SAME pads with a stride of 1 as these taps want it. */
function isCentred({ taps, before, after }: Reach): boolean {
  return before === after && taps === 2 * before + 1;
}

/** oneDNN pads while it reads, and finishes while it writes. */
function forward(
  x: tf.Tensor,
  taps: tf.Tensor,
  finish: Finish | undefined,
  stride: number,
  rows: Reach,
  columns: Reach,
): tf.Tensor {
  if (!hasOneDnn) {
    const y = execute('Conv2D', attributesOf(stride, { padding: 'VALID' }), [padImages(x, rows, columns), taps]);
    if (finish === undefined) return y;
    const biased = tf.add(y, finish.bias);
    return finish.relu ? relu(biased) : biased;
  }
  const zeros = [0, 0, rows.before, rows.after, columns.before, columns.after, 0, 0];
  const attributes = attributesOf(stride, { padding: 'EXPLICIT', zeros });
  if (finish === undefined) return executeOneDnn('Conv2D', attributes, [x, taps], 1)[0] as tf.Tensor;
  const fused = [
    attribute.int('num_args', 1),
    attribute.floatTypes('TArgs', 1),
    attribute.strings('fused_ops', finish.relu ? ['BiasAdd', 'Relu'] : ['BiasAdd']),
  ];
  return executeOneDnn('FusedConv2D', [...attributes, ...fused], [x, taps, finish.bias], 1)[0] as tf.Tensor;
}

function gradientBy(op: string, attributes: OpAttribute[], inputs: tf.Tensor[]): tf.Tensor {
  return executeByEither(op, attributes, inputs, 1)[0] as tf.Tensor;
}

function padImages(x: tf.Tensor, rows: Reach, columns: Reach): tf.Tensor {
  return pad(x, 1, [rows.before, rows.after], [columns.before, columns.after]);
}

function attributesOf(stride: number, { padding, zeros = [] }: { padding: string; zeros?: number[] }): OpAttribute[] {
  return [
    attribute.floatType('T'),
    attribute.int('strides', [1, stride, stride, 1]),
    attribute.string('padding', padding),
    attribute.int('explicit_paddings', zeros),
    attribute.string('data_format', 'NHWC'),
    attribute.int('dilations', [1, 1, 1, 1]),
  ];
}

function int32Shape(shape: readonly number[]): tf.Tensor {
  return tf.tensor1d([...shape], 'int32');
}
