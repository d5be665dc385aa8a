import { type Architecture, familyOf } from './architecture.ts';
import type { Convolution, Layers } from './layers.ts';

/** A parameter or buffer: filters are HWIO, weights of linear layers [outputs, inputs]. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly kind: 'filter' | 'filterBias' | 'scale' | 'offset' | 'runningMean' | 'runningVariance' | 'weight' | 'bias';
  /** Numbers that one output of it, or of the weight beside it, is made of; 1 for batch normalisation. */
  readonly fanIn: number;
}

/** Every parameter and buffer of a network, in torchvision's order. */
export function parameterSpecs(architecture: Architecture, classes: number): ParameterSpec[] {
  const list = new ParameterList();
  const { features, lastLayer } = familyOf(architecture);
  list.linear(features(list, 3, architecture), lastLayer, classes);
  return list.specs;
}

/** Size D of the features. */
export function featureSize(architecture: Architecture): number {
  return familyOf(architecture).features(new ParameterList(), 3, architecture);
}

/** Writes down what the layers need; of an activation it holds the channels. */
class ParameterList implements Layers<number> {
  readonly specs: ParameterSpec[] = [];

  convolution(inputs: number, { name, size, outputs, bias, norm }: Convolution): number {
    const fanIn = size * size * inputs;
    this.specs.push({ name: `${name}.weight`, shape: [size, size, inputs, outputs], kind: 'filter', fanIn });
    if (bias) this.specs.push({ name: `${name}.bias`, shape: [outputs], kind: 'filterBias', fanIn });
    if (norm !== undefined) this.norm(norm, outputs);
    return outputs;
  }

  normRelu(channels: number, norm: string): number {
    this.norm(norm, channels);
    return channels;
  }

  linearRelu(inputs: number, { name, outputs }: { readonly name: string; readonly outputs: number }): number {
    return this.linear(inputs, name, outputs);
  }

  linear(inputs: number, name: string, outputs: number): number {
    this.specs.push({ name: `${name}.weight`, shape: [outputs, inputs], kind: 'weight', fanIn: inputs });
    this.specs.push({ name: `${name}.bias`, shape: [outputs], kind: 'bias', fanIn: inputs });
    return outputs;
  }

  maxPool = same;
  halve = same;
  averagePool = same;

  averageParts(channels: number, side: number): number {
    return channels * side * side;
  }

  addRelu = same;

  concat(a: number, b: number): number {
    return a + b;
  }

  done(): void {}

  private norm(name: string, channels: number): void {
    const parts = [
      ['weight', 'scale'],
      ['bias', 'offset'],
      ['running_mean', 'runningMean'],
      ['running_var', 'runningVariance'],
    ] as const;
    for (const [part, kind] of parts) this.specs.push({ name: `${name}.${part}`, shape: [channels], kind, fanIn: 1 });
  }
}

function same(channels: number): number {
  return channels;
}
