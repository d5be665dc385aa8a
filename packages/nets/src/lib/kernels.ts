/**
 * TensorFlow's kernels that a ResNet needs, forward and backward, called by name.
 *
 * tfjs composes the gradient of batch normalisation from a dozen small operations; the fused kernels make training
 * several times faster. All tensors are float32, images NHWC, filters HWIO; padding is PyTorch's (the same on all
 * sides), which TensorFlow's SAME is not. The caller owns every result.
 */
import { attribute, execute, executeMany, type OpAttribute, tf } from './tensorflow.ts';

/** [N, H, W, C]. */
export type Shape4D = [number, number, number, number];

/** Geometry of a square convolution or pooling window. */
export interface Window {
  readonly stride: number;
  readonly padding: number;
}

/**
 * TensorFlow's padding for a window. Its EXPLICIT padding says what PyTorch means, but on a CPU the gradients then take
 * another kernel that is 4 to 50 times slower; so strided windows are padded beforehand and run as VALID.
 */
function paddingOf({ stride, padding }: Window): { name: 'SAME' | 'VALID'; before: number } {
  if (padding === 0) return { name: 'VALID', before: 0 };
  return stride === 1 ? { name: 'SAME', before: 0 } : { name: 'VALID', before: padding };
}

function convolutionAttributes(window: Window): OpAttribute[] {
  return [
    attribute.floatType('T'),
    attribute.int('strides', [1, window.stride, window.stride, 1]),
    attribute.bool('use_cudnn_on_gpu', true),
    attribute.string('padding', paddingOf(window).name),
    attribute.string('data_format', 'NHWC'),
    attribute.int('dilations', [1, 1, 1, 1]),
  ];
}

/** Zeros around [N, H, W, C]; x itself where there are none to add. */
function pad(x: tf.Tensor, border: number): tf.Tensor {
  if (border === 0) return x;
  return tf.pad4d(x as tf.Tensor4D, [
    [0, 0],
    [border, border],
    [border, border],
    [0, 0],
  ]);
}

/** Takes the border of `pad` off again. */
function unpad(x: tf.Tensor, border: number): tf.Tensor {
  if (border === 0) return x;
  const [n, height, width, channels] = x.shape as Shape4D;
  return tf.slice(x, [0, border, border, 0], [n, height - 2 * border, width - 2 * border, channels]);
}

function int32Shape(shape: readonly number[]): tf.Tensor {
  return tf.tensor1d([...shape], 'int32');
}

/** x [N, H, W, C], filter [h, w, C, O] → [N, H', W', O]. The filter of a window with stride 1 is 2·padding + 1 wide. */
export function conv2d(x: tf.Tensor, filter: tf.Tensor, window: Window): tf.Tensor {
  return execute('Conv2D', convolutionAttributes(window), [pad(x, paddingOf(window).before), filter]);
}

/** Gradient of `conv2d` with respect to its input, whose shape is [N, H, W, C]. */
export function conv2dInputGradient(
  [n, height, width, channels]: Shape4D,
  filter: tf.Tensor,
  dy: tf.Tensor,
  window: Window,
): tf.Tensor {
  const { before } = paddingOf(window);
  const padded = int32Shape([n, height + 2 * before, width + 2 * before, channels]);
  return unpad(execute('Conv2DBackpropInput', convolutionAttributes(window), [padded, filter, dy]), before);
}

/** Gradient of `conv2d` with respect to the filter, whose shape is [h, w, C, O]. */
export function conv2dFilterGradient(x: tf.Tensor, shape: readonly number[], dy: tf.Tensor, window: Window): tf.Tensor {
  const inputs = [pad(x, paddingOf(window).before), int32Shape(shape), dy];
  return execute('Conv2DBackpropFilter', convolutionAttributes(window), inputs);
}

const EPSILON = 1e-5;
const RUNNING_MOMENTUM = 0.1;

export interface BatchNormResult {
  readonly y: tf.Tensor;
  /** Running mean and (unbiased) variance after this batch, with PyTorch's momentum of 0.1. */
  readonly runningMean: tf.Tensor;
  readonly runningVariance: tf.Tensor;
  /** What the gradient needs. */
  readonly reserved: readonly tf.Tensor[];
}

/** Batch normalisation in training mode, over [N, H, W, C] by channel, ε = 1e−5. */
export function batchNorm(
  x: tf.Tensor,
  scale: tf.Tensor,
  offset: tf.Tensor,
  runningMean: tf.Tensor,
  runningVariance: tf.Tensor,
): BatchNormResult {
  const attributes = [
    attribute.floatType('T'),
    attribute.floatType('U'),
    attribute.float('epsilon', EPSILON),
    attribute.float('exponential_avg_factor', RUNNING_MOMENTUM),
    attribute.string('data_format', 'NHWC'),
    attribute.bool('is_training', true),
  ];
  const [y, mean, variance, ...reserved] = executeMany(
    'FusedBatchNormV3',
    attributes,
    [x, scale, offset, runningMean, runningVariance],
    6,
  ) as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  return { y, runningMean: mean, runningVariance: variance, reserved };
}

/** Gradients of `batchNorm` with respect to x, scale and offset. */
export function batchNormGradient(
  dy: tf.Tensor,
  x: tf.Tensor,
  scale: tf.Tensor,
  reserved: readonly tf.Tensor[],
): { dx: tf.Tensor; dScale: tf.Tensor; dOffset: tf.Tensor } {
  const attributes = [
    attribute.floatType('T'),
    attribute.floatType('U'),
    attribute.float('epsilon', EPSILON),
    attribute.string('data_format', 'NHWC'),
    attribute.bool('is_training', true),
  ];
  const [dx, dScale, dOffset, ...unused] = executeMany(
    'FusedBatchNormGradV3',
    attributes,
    [dy, x, scale, ...reserved],
    5,
  ) as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  unused.forEach((tensor) => tensor.dispose());
  return { dx, dScale, dOffset };
}

export function relu(x: tf.Tensor): tf.Tensor {
  return execute('Relu', [attribute.floatType('T')], [x]);
}

/** Gradient of `relu`, given its output y. */
export function reluGradient(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return execute('ReluGrad', [attribute.floatType('T')], [dy, y]);
}

export function biasAdd(x: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return execute('BiasAdd', [attribute.floatType('T'), attribute.string('data_format', 'NHWC')], [x, bias]);
}

export function addN(tensors: tf.Tensor[]): tf.Tensor {
  return execute('AddN', [attribute.floatType('T'), attribute.int('N', tensors.length)], tensors);
}

/** 3×3, stride 2, padding 1. */
const POOL_BORDER = 1;
const POOL = [
  attribute.floatType('T'),
  attribute.int('ksize', [1, 3, 3, 1]),
  attribute.int('strides', [1, 2, 2, 1]),
  attribute.string('padding', 'VALID'),
  attribute.string('data_format', 'NHWC'),
];

/**
 * Max-pooling 3×3 with stride 2 and padding 1. x must not be negative, as after a ReLU: then padding by 0 is PyTorch's
 * padding by −∞.
 */
export function maxPool(x: tf.Tensor): tf.Tensor {
  return execute('MaxPool', POOL, [pad(x, POOL_BORDER)]);
}

/** Gradient of `maxPool`, given its input x and output y. */
export function maxPoolGradient(x: tf.Tensor, y: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  return unpad(execute('MaxPoolGrad', POOL, [pad(x, POOL_BORDER), y, dy]), POOL_BORDER);
}

/** Cross-entropy of each row in nats, [N], and its gradient with respect to the logits, [N, K]; labels are int32 [N]. */
export function softmaxCrossEntropy(logits: tf.Tensor, labels: tf.Tensor): { loss: tf.Tensor; gradient: tf.Tensor } {
  const [loss, gradient] = executeMany(
    'SparseSoftmaxCrossEntropyWithLogits',
    [attribute.floatType('T'), attribute.intType('Tlabels')],
    [logits, labels],
    2,
  ) as [tf.Tensor, tf.Tensor];
  return { loss, gradient };
}
