import { convolve } from './convolution.ts';
import { reluGradient } from './kernels.ts';
import { type Parameters, parameter } from './parameters.ts';
import { type Architecture, featureSize, type Layers, resnet18Features } from './resnet18.ts';
import { SharedLayers } from './shared-layers.ts';
import { Tape } from './tape.ts';
import { tf } from './tensorflow.ts';
import type { Window } from './window.ts';

const EPSILON = 1e-5;

/**
 * A trained network that only looks: batch normalisation is folded into the convolutions, and the only gradient is
 * that with respect to the images. About 1.5 times as fast as the unfolded network.
 */
export class FrozenNetwork {
  private constructor(
    readonly architecture: Architecture,
    readonly classes: number,
    /** `<convolution>.weight` and `<convolution>.bias`, and the last layer's. */
    private readonly folded: Parameters,
  ) {}

  /** @param parameters - read, not kept: the caller may dispose them afterwards */
  static fold(architecture: Architecture, parameters: Parameters): FrozenNetwork {
    const folded: Record<string, tf.Tensor> = {};
    const fold = (convolution: string, norm: string) =>
      tf.tidy(() => {
        const get = (name: string) => parameter(parameters, `${norm}.${name}`);
        const scale = tf.div(get('weight'), tf.sqrt(tf.add(get('running_var'), EPSILON))); // [O]
        return {
          weight: tf.mul(parameter(parameters, `${convolution}.weight`), scale), // [h, w, C, O]
          bias: tf.sub(get('bias'), tf.mul(get('running_mean'), scale)), // [O]
        };
      });
    for (const name of Object.keys(parameters)) {
      if (parameter(parameters, name).rank !== 4) continue;
      const convolution = name.slice(0, -'.weight'.length);
      const norm = convolution.endsWith('downsample.0')
        ? convolution.replace(/0$/, '1')
        : convolution.replace(/conv(\d)$/, 'bn$1');
      const { weight, bias } = fold(convolution, norm);
      folded[`${convolution}.weight`] = weight;
      folded[`${convolution}.bias`] = bias;
    }
    folded['fc.weight'] = parameter(parameters, 'fc.weight').clone();
    folded['fc.bias'] = parameter(parameters, 'fc.bias').clone();
    return new FrozenNetwork(architecture, parameter(parameters, 'fc.bias').size, folded);
  }

  /** D, the size of the features. */
  get featureSize(): number {
    return featureSize(this.architecture);
  }

  /** Last layer's weight, [K, D], by class. */
  get classWeights(): tf.Tensor2D {
    return parameter(this.folded, 'fc.weight') as tf.Tensor2D;
  }

  /** Normalised images [N, H, W, 3] → features [N, D]. The caller owns the result. */
  features(images: tf.Tensor): tf.Tensor2D {
    return tf.tidy(() => this.forward(images) as tf.Tensor2D);
  }

  /** Normalised images [N, H, W, 3] → features [N, D] and logits [N, K]. The caller owns both. */
  logits(images: tf.Tensor): { features: tf.Tensor2D; logits: tf.Tensor2D } {
    return tf.tidy(() => {
      const features = this.forward(images) as tf.Tensor2D;
      const logits = tf.add(
        tf.matMul(features, this.classWeights, false, true),
        parameter(this.folded, 'fc.bias'),
      ) as tf.Tensor2D;
      return { features, logits };
    });
  }

  /**
   * Gradient of a function of the features with respect to the images.
   *
   * @param images - normalised, [N, H, W, 3]
   * @param gradientOf - gets the features [N, D], gives the function's gradient with respect to them, [N, D]
   * @returns [N, H, W, 3], which the caller owns
   */
  imageGradient(images: tf.Tensor, gradientOf: (features: tf.Tensor2D) => tf.Tensor2D): tf.Tensor4D {
    return tf.tidy(() => {
      const tape = new Tape();
      const features = this.forward(images, tape) as tf.Tensor2D;
      tape.backward(features, gradientOf(features));
      return tape.gradient(images) as tf.Tensor4D;
    });
  }

  dispose(): void {
    tf.dispose(this.folded);
  }

  private forward(images: tf.Tensor, tape?: Tape): tf.Tensor {
    return resnet18Features(this.architecture, new FrozenLayers(this.folded, tape), images);
  }
}

class FrozenLayers extends SharedLayers implements Layers<tf.Tensor> {
  constructor(
    private readonly folded: Parameters,
    tape?: Tape,
  ) {
    super(tape);
  }

  convolution(x: tf.Tensor, convolution: string, _norm: string, options: Window & { relu: boolean }): tf.Tensor {
    const get = (name: string) => parameter(this.folded, `${convolution}.${name}`);
    const { y, inputGradient } = convolve(x, get('weight'), options, { bias: get('bias'), relu: options.relu });
    this.tape?.record(y, (dy) => {
      const dBiased = options.relu ? reluGradient(dy, y) : dy;
      this.tape?.accumulate(x, inputGradient(dBiased));
      if (options.relu) dBiased.dispose();
    });
    return y;
  }
}
