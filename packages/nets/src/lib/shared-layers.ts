import { averageParts, halve } from './average-pool.ts';
import { addN, relu, reluGradient } from './kernels.ts';
import type { Pool } from './layers.ts';
import { maxPool } from './max-pool.ts';
import type { Tape } from './tape.ts';
import { tf } from './tensorflow.ts';

/** The layers without parameters, which training and frozen networks share; nothing is recorded without a tape. */
export class SharedLayers {
  constructor(protected readonly tape?: Tape) {}

  maxPool(x: tf.Tensor, pool: Pool): tf.Tensor {
    return this.recordPool(x, maxPool(x, pool));
  }

  halve(x: tf.Tensor): tf.Tensor {
    return this.recordPool(x, halve(x));
  }

  averageParts(x: tf.Tensor, side: number): tf.Tensor {
    return this.recordPool(x, averageParts(x, side));
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

  concat(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
    const y = tf.concat([a, b], 3);
    this.tape?.record(y, (dy) => {
      const [da, db] = tf.split(dy, [a.shape[3] as number, b.shape[3] as number], 3) as [tf.Tensor, tf.Tensor];
      this.tape?.accumulate(a, da);
      this.tape?.accumulate(b, db);
    });
    return y;
  }

  /** A tape needs activations for the way back, and frees them there. */
  done(x: tf.Tensor): void {
    if (this.tape === undefined) x.dispose();
  }

  private recordPool(
    x: tf.Tensor,
    { y, inputGradient }: { readonly y: tf.Tensor; readonly inputGradient: (dy: tf.Tensor) => tf.Tensor },
  ): tf.Tensor {
    this.tape?.record(y, (dy) => this.tape?.accumulate(x, inputGradient(dy)));
    return y;
  }
}
