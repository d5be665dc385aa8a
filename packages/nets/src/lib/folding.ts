import type { Convolution, Layers } from './layers.ts';
import { type Parameters, parameter } from './parameters.ts';
import { tf } from './tensorflow.ts';

const EPSILON = 1e-5;

/**
 * Walks through a network once and folds its batch normalisations: into the convolution before, or to a scale and an
 * offset where there is none. `folded` has `<convolution>.weight` and `.bias`, `<norm>.weight` and `.bias`, and those of
 * linear layers.
 */
export class Folding implements Layers<null> {
  readonly folded: Record<string, tf.Tensor> = {};

  constructor(private readonly parameters: Parameters) {}

  convolution(_x: null, { name, bias, norm }: Convolution): null {
    const filter = parameter(this.parameters, `${name}.weight`); // [h, w, C, O]
    const added = bias ? parameter(this.parameters, `${name}.bias`) : undefined; // [O]
    if (norm === undefined) return this.keep(name, filter.clone(), added?.clone());
    const { scale, offset } = this.affine(norm, added);
    const folded = tf.mul(filter, scale);
    scale.dispose();
    return this.keep(name, folded, offset);
  }

  normRelu(_x: null, norm: string): null {
    const { scale, offset } = this.affine(norm);
    return this.keep(norm, scale, offset);
  }

  linearRelu(_x: null, { name }: { readonly name: string }): null {
    return this.linear(name);
  }

  linear(name: string): null {
    const [weight, bias] = [`${name}.weight`, `${name}.bias`].map((part) => parameter(this.parameters, part).clone());
    return this.keep(name, weight as tf.Tensor, bias);
  }

  maxPool = nothing;
  halve = nothing;
  averagePool = nothing;
  averageParts = nothing;
  addRelu = nothing;
  concat = nothing;

  done(): void {}

  /** Batch normalisation of x + `added` as x · scale + offset, [O] each. */
  private affine(norm: string, added?: tf.Tensor): { scale: tf.Tensor; offset: tf.Tensor } {
    return tf.tidy(() => {
      const get = (part: string) => parameter(this.parameters, `${norm}.${part}`);
      const scale = tf.div(get('weight'), tf.sqrt(tf.add(get('running_var'), EPSILON)));
      const mean = added === undefined ? get('running_mean') : tf.sub(get('running_mean'), added);
      return { scale, offset: tf.sub(get('bias'), tf.mul(mean, scale)) };
    });
  }

  private keep(name: string, weight: tf.Tensor, bias: tf.Tensor | undefined): null {
    this.folded[`${name}.weight`] = weight;
    if (bias !== undefined) this.folded[`${name}.bias`] = bias;
    return null;
  }
}

function nothing(): null {
  return null;
}
