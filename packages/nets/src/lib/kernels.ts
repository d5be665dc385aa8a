/**
 * TensorFlow's kernels that a network needs beside convolution and pooling, forward and backward, called by name.
 *
 * tfjs composes the gradient of batch normalisation from a dozen small operations; the fused kernels make training
 * several times faster. All tensors are float32, images NHWC. The caller owns every result.
 */
import { executeByEither, executeOneDnn, hasOneDnn } from './one-dnn.ts';
import { attribute, execute, executeMany, type tf } from './tensorflow.ts';

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

/** Batch normalisation in training mode, over [N, H, W, C] by channel, ε = 1e−5, and a ReLU after it if asked for. */
export function batchNorm(
  x: tf.Tensor,
  scale: tf.Tensor,
  offset: tf.Tensor,
  runningMean: tf.Tensor,
  runningVariance: tf.Tensor,
  { relu: hasRelu }: { readonly relu: boolean },
): BatchNormResult {
  const attributes = [
    attribute.floatType('T'),
    attribute.floatType('U'),
    attribute.float('epsilon', EPSILON),
    attribute.float('exponential_avg_factor', RUNNING_MOMENTUM),
    attribute.string('data_format', 'NHWC'),
    attribute.bool('is_training', true),
  ];
  const inputs = [x, scale, offset, runningMean, runningVariance];
  const isFused = hasRelu && hasOneDnn; // one pass over memory less
  const outputs = isFused
    ? executeOneDnn('FusedBatchNormEx', [...attributes, attribute.string('activation_mode', 'Relu')], inputs, 6)
    : executeByEither('FusedBatchNormV3', attributes, inputs, 6);
  const [normalised, mean, variance, ...reserved] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  const y = hasRelu && !isFused ? relu(normalised) : normalised;
  return { y, runningMean: mean, runningVariance: variance, reserved };
}

/** Gradients of `batchNorm` without ReLU with respect to x, scale and offset. */
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
  const [dx, dScale, dOffset, ...unused] = executeByEither(
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

export function addN(tensors: tf.Tensor[]): tf.Tensor {
  return execute('AddN', [attribute.floatType('T'), attribute.int('N', tensors.length)], tensors);
}

/** Sum over all axes but the last, [N, H, W, C] or [N, C] → [C]: the gradient of a bias. */
export function biasGradient(dy: tf.Tensor): tf.Tensor {
  return execute('BiasAddGrad', [attribute.floatType('T'), attribute.string('data_format', 'NHWC')], [dy]);
}

/**
 * Cross-entropy of each row in nats, [N], and its gradient with respect to the logits, [N, K].
 *
 * @param targets - labels, int32 [N], or the probabilities of all classes, float32 [N, K], each row with the sum 1
 */
export function softmaxCrossEntropy(logits: tf.Tensor, targets: tf.Tensor): { loss: tf.Tensor; gradient: tf.Tensor } {
  const [kernel, attributes] =
    targets.rank === 1
      ? ['SparseSoftmaxCrossEntropyWithLogits', [attribute.floatType('T'), attribute.intType('Tlabels')]]
      : ['SoftmaxCrossEntropyWithLogits', [attribute.floatType('T')]];
  const [loss, gradient] = executeMany(kernel, attributes, [logits, targets], 2) as [tf.Tensor, tf.Tensor];
  return { loss, gradient };
}

/** Inverse of a square matrix, [N, N]. */
export function inverse(matrix: tf.Tensor): tf.Tensor2D {
  return execute(
    'MatrixInverse',
    [attribute.floatType('T'), attribute.bool('adjoint', false)],
    [matrix],
  ) as tf.Tensor2D;
}
