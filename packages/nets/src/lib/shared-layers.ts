import { addN, maxPool, maxPoolGradient, relu, reluGradient } from './kernels.ts';
import type { Tape } from './tape.ts';
import { tf } from './tensorflow.ts';

/** The layers without parameters, which training and frozen networks share; nothing is recorded without a tape. */
export class SharedLayers {
  constructor(protected readonly tape?: Tape) {}

  maxPool(x: tf.Tensor): tf.Tensor {
    const y = maxPool(x);
    this.tape?.record(y, (dy) => this.tape?.accumulate(x, maxPoolGradient(x, y, dy)));
    return y;
  }

  addRelu(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
    const y = relu(addN([a, b]));
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
}
