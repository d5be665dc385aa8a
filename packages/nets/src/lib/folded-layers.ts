import { convolve } from './convolution.ts';
import { relu as rectify, reluGradient } from './kernels.ts';
import type { Convolution, Layers } from './layers.ts';
import { type Parameters, parameter } from './parameters.ts';
import { SharedLayers } from './shared-layers.ts';
import type { Tape } from './tape.ts';
import { tf } from './tensorflow.ts';

/** Layers of folded parameters; with a tape, the gradient runs back to the images. */
export class FoldedLayers extends SharedLayers implements Layers<tf.Tensor> {
  constructor(
    private readonly folded: Parameters,
    tape?: Tape,
  ) {
    super(tape);
  }

  convolution(x: tf.Tensor, { name, bias, norm, relu, ...window }: Convolution): tf.Tensor {
    const finish = bias || norm !== undefined ? { bias: this.get(`${name}.bias`), relu } : undefined;
    const { y, inputGradient } = convolve(x, this.get(`${name}.weight`), window, finish);
    this.tape?.record(y, (dy) => {
      const dBiased = relu ? reluGradient(dy, y) : dy;
      this.tape?.accumulate(x, inputGradient(dBiased));
      if (relu) dBiased.dispose();
    });
    return y;
  }

  normRelu(x: tf.Tensor, norm: string): tf.Tensor {
    const scale = this.get(`${norm}.weight`);
    const y = this.affineRelu(tf.mul(x, scale), this.get(`${norm}.bias`));
    this.tape?.record(y, (dy) => {
      const d = reluGradient(dy, y);
      this.tape?.accumulate(x, tf.mul(d, scale));
      d.dispose();
    });
    return y;
  }

  linearRelu(x: tf.Tensor, { name }: { readonly name: string }): tf.Tensor {
    const weight = this.get(`${name}.weight`); // [outputs, D]
    const y = this.affineRelu(tf.matMul(x, weight, false, true), this.get(`${name}.bias`));
    this.tape?.record(y, (dy) => {
      const d = reluGradient(dy, y);
      this.tape?.accumulate(x, tf.matMul(d, weight));
      d.dispose();
    });
    return y;
  }

  /** ReLU(product + offset); the product is done then. */
  private affineRelu(product: tf.Tensor, offset: tf.Tensor): tf.Tensor {
    const sum = tf.add(product, offset);
    product.dispose();
    const y = rectify(sum);
    sum.dispose();
    return y;
  }

  private get(name: string): tf.Tensor {
    return parameter(this.folded, name);
  }
}
