import { addN, relu, reluGradient } from './kernels.ts';
import { maxPool } from './max-pool.ts';
import type { Tape } from './tape.ts';
import { tf } from './tensorflow.ts';

/** The layers without parameters, which training and frozen networks share; nothing is recorded without a tape. */
export class SharedLayers {
  constructor(protected readonly tape?: Tape) {}

  maxPool(x: tf.Tensor): tf.Tensor {
    const { y, inputGradient } = maxPool(x);
    this.tape?.record(y, (dy) => this.tape?.accumulate(x, inputGradient(dy)));
    return y;
  }

  addRelu(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
    const sum = addN([a, b]);
    a.dispose(); // the way back needs y alone
    const y = relu(sum);
    sum.dispose();
    this.tape?.record(y, (dy) => {
      const dSum = reluGradient(dy, y);
      this.tape?.accumulate(a, dSum);
      this.tape?.accumulate(b, dSum);
    });
    return y;
  }

  averagePool(x: tf.Tensor): tf.Tensor {
    const [, height, width] = x.shape as [number, number, number, number];
    const y = tf.mean(x, [1, 2]);
    this.tape?.record(y, (dy) => {
      const share = tf.reshape(tf.mul(dy, 1 / (height * width)), [dy.shape[0] as number, 1, 1, dy.shape[1] as number]);
      this.tape?.accumulate(x, tf.broadcastTo(share, x.shape));
    });
    return y;
  }

  /** A tape needs activations for the way back, and frees them there. */
  done(x: tf.Tensor): void {
    if (this.tape === undefined) x.dispose();
  }
}
