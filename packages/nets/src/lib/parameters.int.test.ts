import { describe, expect, it } from '@jest/globals';

import { smallArchitecture } from '../../test/small-network.ts';
import type { Architecture } from './architecture.ts';
import { initialParameters, isTrainable, parameter } from './parameters.ts';
import { parameterSpecs } from './parameter-specs.ts';

const architecture: Architecture = { name: 'resnet18', stem: 'small', width: 16 };
const parameters = initialParameters(architecture, 10, 1);
const values = (name: string): number[] => Array.from(parameter(parameters, name).dataSync());

function moments(numbers: readonly number[]): { mean: number; sd: number } {
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  return { mean, sd: Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length) };
}

/** Standard errors: what a fixed seed may be off. */
const SIGMAS = 4;

describe('fresh parameters', () => {
  it.each([
    ['layer4.1.conv2.weight', Math.sqrt(2 / (9 * 128))],
    ['layer3.0.downsample.0.weight', Math.sqrt(2 / 64)],
  ])('%s is normal with variance 2 / fan_out', (name, sd) => {
    const drawn = values(name);
    const found = moments(drawn);
    expect(Math.abs(found.mean)).toBeLessThan((SIGMAS * sd) / Math.sqrt(drawn.length));
    expect(Math.abs(found.sd / sd - 1)).toBeLessThan(SIGMAS / Math.sqrt(2 * drawn.length));
    const beyondTwo = drawn.filter((x) => Math.abs(x) > 2 * sd).length / drawn.length;
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(SIGMAS * Math.sqrt(0.0455 / drawn.length)); // uniform: 0
  });

  it('the last layer is uniform within ±1/√D', () => {
    const bound = 1 / Math.sqrt(128);
    const drawn = values('fc.weight');
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.abs(moments(drawn).sd / (bound / Math.sqrt(3)) - 1)).toBeLessThan(SIGMAS / Math.sqrt(2 * drawn.length));
    expect(Math.max(...values('fc.bias').map(Math.abs))).toBeLessThanOrEqual(bound);
  });

  it('batch normalisation starts as the identity', () => {
    const start = { weight: 1, bias: 0, running_mean: 0, running_var: 1 };
    for (const [part, value] of Object.entries(start)) {
      expect(values(`layer2.0.downsample.1.${part}`)).toEqual(new Array(32).fill(value));
    }
  });

  it('depend on the seed alone, each on a stream of its own', () => {
    const numbers = (seed: number, classes: number, name: string) =>
      Array.from(parameter(initialParameters(smallArchitecture('small'), classes, seed), name).dataSync());
    const name = 'layer2.1.conv1.weight';
    expect(numbers(5, 3, name)).toEqual(numbers(5, 100, name));
    expect(numbers(5, 3, name)).not.toEqual(numbers(6, 3, name));
    expect(numbers(5, 3, name)).not.toEqual(numbers(5, 3, 'layer2.1.conv2.weight'));
  });

  it('all but the running statistics are trained', () => {
    const buffers = parameterSpecs(architecture, 10).filter(({ name }) => !isTrainable(name));
    expect(buffers).toHaveLength(40);
    expect(new Set(buffers.map(({ kind }) => kind))).toEqual(new Set(['runningMean', 'runningVariance']));
  });

  it('say what there is where a name is unknown', () => {
    expect(() => parameter({ 'fc.bias': parameter(parameters, 'fc.bias') }, 'fc.weights')).toThrow(
      new Error('nets: no parameter fc.weights; there are fc.bias'),
    );
  });
});
