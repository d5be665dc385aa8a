import { convolve } from './convolution.ts';
import { batchNorm, batchNormGradient, reluGradient, softmaxCrossEntropy } from './kernels.ts';
import { type Parameters, parameter } from './parameters.ts';
import { type Architecture, type Layers, resnet18Features } from './resnet18.ts';
import { SharedLayers } from './shared-layers.ts';
import { Tape } from './tape.ts';
import { tf } from './tensorflow.ts';
import type { Window } from './window.ts';

/** What one pass over a batch gives; the caller owns the tensors. */
export interface TrainingPass {
  /** Cross-entropy by image in nats, [N]. */
  readonly loss: tf.Tensor;
  /** [N, K]. */
  readonly logits: tf.Tensor;
  /** Gradient of the mean loss with respect to each trainable parameter. */
  readonly gradients: Record<string, tf.Tensor>;
  /** Running statistics of batch normalisation after this batch. */
  readonly buffers: Record<string, tf.Tensor>;
}

class TrainingLayers extends SharedLayers implements Layers<tf.Tensor> {
  readonly gradients: Record<string, tf.Tensor> = {};
  readonly buffers: Record<string, tf.Tensor> = {};

  constructor(
    private readonly parameters: Parameters,
    private readonly images: tf.Tensor,
    protected override readonly tape: Tape,
  ) {
    super(tape);
  }

  convolution(x: tf.Tensor, convolution: string, norm: string, options: Window & { relu: boolean }): tf.Tensor {
    const get = (name: string) => parameter(this.parameters, name);
    const scale = get(`${norm}.weight`);
    const convolved = convolve(x, get(`${convolution}.weight`), options);
    const [mean, variance] = [get(`${norm}.running_mean`), get(`${norm}.running_var`)];
    const { y, ...normalised } = batchNorm(convolved.y, scale, get(`${norm}.bias`), mean, variance, options);
    this.buffers[`${norm}.running_mean`] = normalised.runningMean;
    this.buffers[`${norm}.running_var`] = normalised.runningVariance;
    return this.tape.record(y, (dy) => {
      const dNormalised = options.relu ? reluGradient(dy, y) : dy;
      const { dx, dScale, dOffset } = batchNormGradient(dNormalised, convolved.y, scale, normalised.reserved);
      if (options.relu) dNormalised.dispose();
      convolved.y.dispose();
      this.gradients[`${norm}.weight`] = dScale;
      this.gradients[`${norm}.bias`] = dOffset;
      this.gradients[`${convolution}.weight`] = convolved.filterGradient(dx);
      if (x !== this.images) this.tape.accumulate(x, convolved.inputGradient(dx));
      dx.dispose();
    });
  }
}

/**
 * Forward and backward over one batch, batch normalisation in training mode.
 *
 * @param images - normalised, [N, H, W, 3] float32
 * @param labels - [N] int32, in 0..K−1
 */
export function trainingPass(
  architecture: Architecture,
  parameters: Parameters,
  images: tf.Tensor,
  labels: tf.Tensor,
): TrainingPass {
  return tf.tidy(() => {
    const tape = new Tape();
    const layers = new TrainingLayers(parameters, images, tape);
    const features = resnet18Features(architecture, layers, images) as tf.Tensor2D; // [N, D]
    const weight = parameter(parameters, 'fc.weight') as tf.Tensor2D; // [K, D]
    const logits = tf.add(tf.matMul(features, weight, false, true), parameter(parameters, 'fc.bias')); // [N, K]
    const { loss, gradient } = softmaxCrossEntropy(logits, labels);
    const dLogits = tf.mul(gradient, 1 / (images.shape[0] as number)) as tf.Tensor2D; // [N, K]
    const last = { 'fc.weight': tf.matMul(dLogits, features, true, false), 'fc.bias': tf.sum(dLogits, 0) };
    tape.backward(features, tf.matMul(dLogits, weight));
    return {
      loss,
      logits,
      gradients: { ...layers.gradients, ...last },
      buffers: layers.buffers,
    } as unknown as tf.TensorContainer;
  }) as unknown as TrainingPass;
}
