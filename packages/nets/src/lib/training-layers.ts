import { convolve } from './convolution.ts';
import { batchNorm, batchNormGradient, biasGradient, relu as rectify, reluGradient } from './kernels.ts';
import type { Convolution, Layers } from './layers.ts';
import { type Parameters, parameter } from './parameters.ts';
import { SharedLayers } from './shared-layers.ts';
import type { Tape } from './tape.ts';
import { tf } from './tensorflow.ts';

/** Layers that learn: batch normalisation by the batch, and gradients of all parameters. */
export class TrainingLayers extends SharedLayers implements Layers<tf.Tensor> {
  readonly gradients: Record<string, tf.Tensor> = {};
  readonly buffers: Record<string, tf.Tensor> = {};

  constructor(
    private readonly parameters: Parameters,
    private readonly images: tf.Tensor,
    protected override readonly tape: Tape,
  ) {
    super(tape);
  }

  convolution(x: tf.Tensor, { name, bias, norm, relu, ...window }: Convolution): tf.Tensor {
    const hasRelu = relu && norm === undefined; // else the normalisation brings it
    const finish = bias ? { bias: this.get(`${name}.bias`), relu: hasRelu } : undefined;
    const convolved = convolve(x, this.get(`${name}.weight`), window, finish);
    const finished = norm === undefined ? rectified(convolved.y, hasRelu) : this.normalise(convolved.y, norm, { relu });
    return this.tape.record(finished.y, (dy) => {
      const d = finished.inputGradient(dy);
      if (norm !== undefined) convolved.y.dispose();
      if (bias) this.gradients[`${name}.bias`] = biasGradient(d);
      this.gradients[`${name}.weight`] = convolved.filterGradient(d);
      if (x !== this.images) this.tape.accumulate(x, convolved.inputGradient(d));
      if (d !== dy) d.dispose();
    });
  }

  normRelu(x: tf.Tensor, norm: string): tf.Tensor {
    const { y, inputGradient } = this.normalise(x, norm, { relu: true });
    return this.tape.record(y, (dy) => this.tape.accumulate(x, inputGradient(dy)));
  }

  linearRelu(x: tf.Tensor, { name }: { readonly name: string }): tf.Tensor {
    const weight = this.get(`${name}.weight`); // [outputs, D]
    const y = rectify(tf.add(tf.matMul(x, weight, false, true), this.get(`${name}.bias`)));
    return this.tape.record(y, (dy) => {
      const d = reluGradient(dy, y);
      this.gradients[`${name}.weight`] = tf.matMul(d, x, true, false);
      this.gradients[`${name}.bias`] = biasGradient(d);
      this.tape.accumulate(x, tf.matMul(d, weight));
    });
  }

  private normalise(x: tf.Tensor, norm: string, { relu }: { readonly relu: boolean }): Finished {
    const scale = this.get(`${norm}.weight`);
    const [mean, variance] = [this.get(`${norm}.running_mean`), this.get(`${norm}.running_var`)];
    const { y, ...normalised } = batchNorm(x, scale, this.get(`${norm}.bias`), mean, variance, { relu });
    this.buffers[`${norm}.running_mean`] = normalised.runningMean;
    this.buffers[`${norm}.running_var`] = normalised.runningVariance;
    return {
      y,
      inputGradient: (dy) => {
        const dNormalised = relu ? reluGradient(dy, y) : dy;
        const { dx, dScale, dOffset } = batchNormGradient(dNormalised, x, scale, normalised.reserved);
        if (relu) dNormalised.dispose();
        this.gradients[`${norm}.weight`] = dScale;
        this.gradients[`${norm}.bias`] = dOffset;
        return dx;
      },
    };
  }

  private get(name: string): tf.Tensor {
    return parameter(this.parameters, name);
  }
}

/** What follows a convolution, and the gradient of what goes in. */
interface Finished {
  readonly y: tf.Tensor;
  readonly inputGradient: (dy: tf.Tensor) => tf.Tensor;
}

/** The ReLU, if there is one, was done by the kernel. */
function rectified(y: tf.Tensor, hasRelu: boolean): Finished {
  return { y, inputGradient: (dy) => (hasRelu ? reluGradient(dy, y) : dy) };
}
