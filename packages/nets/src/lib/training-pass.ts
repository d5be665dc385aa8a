import { type Architecture, familyOf, lastLayer } from './architecture.ts';
import { softmaxCrossEntropy } from './kernels.ts';
import { type Parameters, parameter } from './parameters.ts';
import { Tape } from './tape.ts';
import { tf } from './tensorflow.ts';
import { TrainingLayers } from './training-layers.ts';

/** What one pass over a batch gives; the caller owns the tensors. */
export interface TrainingPass {
  /** Cross-entropy by image in nats, [N], times the temperature's square. */
  readonly loss: tf.Tensor;
  /** [N, K]. */
  readonly logits: tf.Tensor;
  /** Gradient of the mean loss with respect to each trainable parameter. */
  readonly gradients: Record<string, tf.Tensor>;
  /** Running statistics of batch normalisation after this batch. */
  readonly buffers: Record<string, tf.Tensor>;
}

/**
 * Forward and backward over one batch, batch normalisation in training mode, without dropout (see `vgg.ts`).
 *
 * @param images - normalised, [N, H, W, 3] float32
 * @param targets - labels, [N] int32, in 0..K−1, or the probabilities of all classes, [N, K] float32
 * @param temperature - divides the logits before the softmax; the loss then grows by its square, so that the gradients keep
 *   their size (Hinton et al. 2015, arXiv 1503.02531)
 */
export function trainingPass(
  architecture: Architecture,
  parameters: Parameters,
  images: tf.Tensor,
  targets: tf.Tensor,
  temperature = 1,
): TrainingPass {
  return tf.tidy(() => {
    const [weightName, biasName] = [`${lastLayer(architecture)}.weight`, `${lastLayer(architecture)}.bias`];
    const tape = new Tape();
    const layers = new TrainingLayers(parameters, images, tape);
    const features = familyOf(architecture).features<tf.Tensor>(layers, images, architecture) as tf.Tensor2D; // [N, D]
    const weight = parameter(parameters, weightName) as tf.Tensor2D; // [K, D]
    const logits = tf.add(tf.matMul(features, weight, false, true), parameter(parameters, biasName)); // [N, K]
    const cooled = temperature === 1 ? logits : tf.div(logits, temperature);
    const { loss: crossEntropy, gradient } = softmaxCrossEntropy(cooled, targets);
    const loss = temperature === 1 ? crossEntropy : tf.mul(crossEntropy, temperature ** 2);
    const dLogits = tf.mul(gradient, temperature / (images.shape[0] as number)) as tf.Tensor2D; // [N, K]
    const last = { [weightName]: tf.matMul(dLogits, features, true, false), [biasName]: tf.sum(dLogits, 0) };
    tape.backward(features, tf.matMul(dLogits, weight));
    return {
      loss,
      logits,
      gradients: { ...layers.gradients, ...last },
      buffers: layers.buffers,
    } as unknown as tf.TensorContainer;
  }) as unknown as TrainingPass;
}
