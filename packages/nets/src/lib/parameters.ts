import { type Architecture, familyOf } from './architecture.ts';
import { type ParameterSpec, parameterSpecs } from './parameter-specs.ts';
import { Rng } from './rng.ts';
import { tf } from './tensorflow.ts';

/** Parameters and buffers by torchvision's name, filters HWIO; whoever made them disposes them. */
export type Parameters = Readonly<Record<string, tf.Tensor>>;

/** A parameter or buffer by name. Throws if the network has none such. */
export function parameter(parameters: Parameters, name: string): tf.Tensor {
  const tensor = parameters[name];
  if (tensor === undefined)
    throw new Error(`nets: no parameter ${name}; there are ${Object.keys(parameters).join(', ')}`);
  return tensor;
}

/** True for what the optimiser moves; running statistics are buffers. */
export function isTrainable(name: string): boolean {
  return !name.endsWith('.running_mean') && !name.endsWith('.running_var');
}

/**
 * Fresh parameters as torchvision draws them, see `Initial`; batch normalisation starts as the identity.
 *
 * @param seed - each parameter draws from its own stream, so widths and stems do not disturb one another
 * @returns tensors that the caller owns
 */
export function initialParameters(architecture: Architecture, classes: number, seed: number): Parameters {
  return Object.fromEntries(
    parameterSpecs(architecture, classes).map((spec) => {
      const next = draw(spec, architecture, Rng.of(seed, 'weights', spec.name));
      const values = Float32Array.from({ length: tf.util.sizeFromShape([...spec.shape]) }, next);
      return [spec.name, tf.tensor(values, [...spec.shape])];
    }),
  );
}

/** Draws the numbers of a parameter one by one. */
function draw({ kind, shape, fanIn }: ParameterSpec, architecture: Architecture, rng: Rng): () => number {
  const { filters, weights, biases } = familyOf(architecture).initial;
  const bound = 1 / Math.sqrt(fanIn);
  const uniform = () => bound * (2 * rng.uniform() - 1);
  switch (kind) {
    case 'filter': {
      const [height, width, , outputs] = shape as [number, number, number, number];
      const sd = Math.sqrt(2 / (filters === 'fan_in' ? fanIn : height * width * outputs));
      return () => sd * rng.normal();
    }
    case 'weight': {
      const sd = 0.01 * Math.sqrt(FULL_WIDTH / architecture.width);
      return weights === 'uniform' ? uniform : () => sd * rng.normal();
    }
    case 'bias':
      return biases === 'uniform' ? uniform : () => 0;
    case 'scale':
    case 'runningVariance':
      return () => 1;
    case 'filterBias':
    case 'offset':
    case 'runningMean':
      return () => 0;
  }
}

const FULL_WIDTH = 64;
