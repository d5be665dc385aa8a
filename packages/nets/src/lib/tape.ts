import { addN } from './kernels.ts';
import type { tf } from './tensorflow.ts';

/**
 * Reverse-mode differentiation by hand: each layer records how the gradient of its output becomes that of its inputs.
 *
 * tfjs's own tape does not see kernels that are called by name, and costs more than it gives for a fixed topology.
 * Run it inside `tf.tidy`, which frees what is left of activations and gradients at its end.
 */
export class Tape {
  private readonly steps: { readonly output: tf.Tensor; readonly backward: (dy: tf.Tensor) => void }[] = [];
  private readonly gradients = new Map<tf.Tensor, tf.Tensor>();

  /** @param backward - gets the gradient of `output`; hands on those of the layer's inputs with `accumulate` */
  record(output: tf.Tensor, backward: (dy: tf.Tensor) => void): tf.Tensor {
    this.steps.push({ output, backward });
    return output;
  }

  /** Adds to the gradient of an activation that may feed several layers. */
  accumulate(activation: tf.Tensor, gradient: tf.Tensor): void {
    const sum = this.gradients.get(activation);
    this.gradients.set(activation, sum === undefined ? gradient : addN([sum, gradient]));
    if (sum === undefined) return;
    this.release(sum);
    this.release(gradient);
  }

  /**
   * Runs back from `output`, whose gradient is `gradient`; each activation's gradient is complete when it is read.
   *
   * Frees recorded activations and their gradients on its way: the next layer then writes where the caches are warm.
   */
  backward(output: tf.Tensor, gradient: tf.Tensor): void {
    this.accumulate(output, gradient.clone());
    for (const step of this.steps.reverse()) {
      const dy = this.gradients.get(step.output);
      if (dy === undefined) throw new Error('nets: a recorded activation does not lead to the output');
      step.backward(dy);
      this.gradients.delete(step.output);
      this.release(dy);
      step.output.dispose();
    }
  }

  /** A layer may hand its own gradient on, to several activations. */
  private release(gradient: tf.Tensor): void {
    if (![...this.gradients.values()].includes(gradient)) gradient.dispose();
  }

  /** Gradient of what went in, such as images, after `backward`. */
  gradient(activation: tf.Tensor): tf.Tensor {
    const gradient = this.gradients.get(activation);
    if (gradient === undefined) throw new Error('nets: no gradient reached this activation');
    return gradient;
  }
}
