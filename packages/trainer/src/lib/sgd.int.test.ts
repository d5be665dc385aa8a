import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Parameters, tf } from '@radiotracer/nets';

import { Sgd } from './sgd.ts';

type Values = Record<string, readonly number[]>;

interface Golden {
  shapes: Record<string, number[]>;
  rates: number[];
  start: Values;
  gradients: Values[];
  cases: Record<string, { settings: { momentum: number; weightDecay: number }; steps: Values[] }>;
}

// Computed by generate-sgd.py beside it, with PyTorch.
const torch = JSON.parse(readFileSync(new URL('../../test/fixtures/sgd.json', import.meta.url), 'utf8')) as Golden;

/** Absolute, on weights of up to 6: torch adds the same float32 terms in another order, which costs an ulp a step. */
const TOLERANCE = 5e-6;

function tensors(values: Values): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(values).map(([name, data]) => [name, tf.tensor([...data], torch.shapes[name])]),
  );
}

function expectClose(found: Parameters, expected: Values): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    const off = (found[name] as tf.Tensor).dataSync().map((value, i) => Math.abs(value - (values[i] as number)));
    expect({ name, isClose: Math.max(...off) < TOLERANCE }).toEqual({ name, isClose: true });
  }
}

/** Of `w`, among tensors that this disposes. */
function valuesOf(tensors: Parameters): number[] {
  const values = [...(tensors.w as tf.Tensor).dataSync()];
  tf.dispose(tensors);
  return values;
}

const withMomentum = { momentum: 0.5, weightDecay: 0.25 };

let tensorsBefore: number;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensorsBefore));

describe('Sgd', () => {
  it.each(Object.entries(torch.cases))('moves as torch.optim.SGD, step by step: %s', (_, { settings, steps }) => {
    const start = tensors(torch.start);
    const sgd = Sgd.atRest(settings, start);
    tf.dispose(start);
    steps.forEach((expected, i) => {
      const gradients = tensors(torch.gradients[i] as Values);
      sgd.step(gradients, torch.rates[i] as number);
      const weights = sgd.weights();
      expectClose(weights, expected);
      tf.dispose([gradients, weights]);
    });
    sgd.dispose();
  });

  it('computes v ← m·v + g + d·w and w ← w − η·v, exactly where float32 is exact', () => {
    const weight = { w: tf.tensor1d([4, -8]) };
    const gradient = { w: tf.tensor1d([1, 2]) };
    const sgd = Sgd.atRest(withMomentum, weight);
    sgd.step(gradient, 0.5); // v = [1 + 1, 2 − 2], w = [4 − 1, −8 − 0]
    expect(valuesOf(sgd.velocities())).toEqual([2, 0]);
    expect(valuesOf(sgd.weights())).toEqual([3, -8]);
    sgd.step(gradient, 0.25); // v = [1 + 1 + ¾, 0 + 2 − 2], w = [3 − 11⁄16, −8]
    expect(valuesOf(sgd.velocities())).toEqual([2.75, 0]);
    expect(valuesOf(sgd.weights())).toEqual([2.3125, -8]);
    expect([...weight.w.dataSync()]).toEqual([4, -8]);
    sgd.dispose();
    tf.dispose([weight, gradient]);
  });

  it('moves weights that were read before without changing what was read', () => {
    const [weight, gradient] = [{ w: tf.tensor1d([4, -8]) }, { w: tf.tensor1d([1, 2]) }];
    const sgd = Sgd.atRest(withMomentum, weight);
    const read = [sgd.weights(), sgd.velocities()] as const;
    sgd.step(gradient, 0.5);
    expect(read.map(valuesOf)).toEqual([
      [4, -8],
      [0, 0],
    ]);
    expect(valuesOf(sgd.weights())).toEqual([3, -8]);
    sgd.dispose();
    tf.dispose([weight, gradient]);
  });

  it('leaves running statistics alone, and needs no gradient of them', () => {
    const parameters = {
      'bn1.weight': tf.ones([2]),
      'bn1.running_mean': tf.tensor1d([5, 6]),
      'bn1.running_var': tf.tensor1d([7, 8]),
    };
    const gradients = { 'bn1.weight': tf.ones([2]) };
    const sgd = Sgd.atRest(withMomentum, parameters);
    sgd.step(gradients, 1);
    const read = [sgd.weights(), sgd.velocities()];
    expect(read.map(Object.keys)).toEqual([['bn1.weight'], ['bn1.weight']]);
    expect([...parameters['bn1.running_mean'].dataSync(), ...parameters['bn1.running_var'].dataSync()]).toEqual([
      5, 6, 7, 8,
    ]);
    sgd.dispose();
    tf.dispose([parameters, gradients, ...read]);
  });

  it('holds as many tensors after 20 steps as after none', () => {
    const start = tensors(torch.start);
    const gradients = tensors(torch.gradients[0] as Values);
    const sgd = Sgd.atRest(withMomentum, start);
    const held = tf.memory().numTensors;
    for (let step = 0; step < 20; step++) {
      sgd.step(gradients, 0.01);
      tf.dispose(sgd.weights());
      expect(tf.memory().numTensors).toBe(held);
    }
    sgd.dispose();
    tf.dispose([start, gradients]);
  });
});
