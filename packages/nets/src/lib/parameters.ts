import { Rng } from './rng.ts';
import { type Architecture, resnet18Parameters } from './resnet18.ts';
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
 * Fresh parameters as torchvision draws them: filters from N(0, 2 / fan_out) (He et al. 2015, arXiv 1502.01852, eq. 14,
 * for the backward pass), the last layer from U(±1/√D), batch normalisation as the identity.
 *
 * @param seed - each parameter draws from its own stream, so widths and stems do not disturb one another
 * @returns tensors that the caller owns
 */
export function initialParameters(architecture: Architecture, classes: number, seed: number): Parameters {
  const parameters: Record<string, tf.Tensor> = {};
  for (const { name, shape, kind } of resnet18Parameters(architecture, classes)) {
    const rng = Rng.of(seed, 'weights', name);
    const draw = (next: () => number) =>
      tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, next), [...shape]);
    switch (kind) {
      case 'filter': {
        const [height, width, , output] = shape as [number, number, number, number];
        const sd = Math.sqrt(2 / (height * width * output));
        parameters[name] = draw(() => sd * rng.normal());
        break;
      }
      case 'weight':
      case 'bias': {
        const bound = 1 / Math.sqrt(8 * architecture.width);
        parameters[name] = draw(() => bound * (2 * rng.uniform() - 1));
        break;
      }
      case 'scale':
      case 'runningVariance':
        parameters[name] = tf.ones([...shape]);
        break;
      case 'offset':
      case 'runningMean':
        parameters[name] = tf.zeros([...shape]);
        break;
    }
  }
  return parameters;
}
