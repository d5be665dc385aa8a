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

const valuesOf = ({ w }: Parameters) => [...(w as tf.Tensor).dataSync()];
const withMomentum = { momentum: 0.5, weightDecay: 0.25 };

let tensorsBefore: number;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensorsBefore));

describe('Sgd', () => {
  it.each(Object.entries(torch.cases))('moves as torch.optim.SGD, step by step: %s', (_, { settings, steps }) => {
    let parameters: Parameters = tensors(torch.start);
    const sgd = Sgd.atRest(settings, parameters);
    steps.forEach((expected, i) => {
      const gradients = tensors(torch.gradients[i] as Values);
      const moved = sgd.step(parameters, gradients, torch.rates[i] as number);
      tf.dispose([parameters, gradients]);
      parameters = moved;
      expectClose(parameters, expected);
    });
    sgd.dispose();
    tf.dispose(parameters);
  });

  it('computes v ← m·v + g + d·w and w ← w − η·v, exactly where float32 is exact', () => {
    const weight = { w: tf.tensor1d([4, -8]) };
    const gradient = { w: tf.tensor1d([1, 2]) };
    const sgd = Sgd.atRest(withMomentum, weight);
    const once = sgd.step(weight, gradient, 0.5); // v = [1 + 1, 2 − 2], w = [4 − 1, −8 − 0]
    expect(valuesOf(sgd.state)).toEqual([2, 0]);
    expect(valuesOf(once)).toEqual([3, -8]);
    const twice = sgd.step(once, gradient, 0.25); // v = [1 + 1 + ¾, 0 + 2 − 2], w = [3 − 11⁄16, −8]
    expect(valuesOf(sgd.state)).toEqual([2.75, 0]);
    expect(valuesOf(twice)).toEqual([2.3125, -8]);
    sgd.dispose();
    tf.dispose([weight, gradient, once, twice]);
  });

  it('leaves running statistics alone, and needs no gradient of them', () => {
    const parameters = {
      'bn1.weight': tf.ones([2]),
      'bn1.running_mean': tf.tensor1d([5, 6]),
      'bn1.running_var': tf.tensor1d([7, 8]),
    };
    const gradients = { 'bn1.weight': tf.ones([2]) };
    const sgd = Sgd.atRest(withMomentum, parameters);
    const moved = sgd.step(parameters, gradients, 1);
    expect(Object.keys(moved)).toEqual(['bn1.weight']);
    expect(Object.keys(sgd.state)).toEqual(['bn1.weight']);
    expect([...parameters['bn1.running_mean'].dataSync(), ...parameters['bn1.running_var'].dataSync()]).toEqual([
      5, 6, 7, 8,
    ]);
    sgd.dispose();
    tf.dispose([parameters, gradients, moved]);
  });

  it('holds as many tensors after 20 steps as after none', () => {
    let parameters: Parameters = tensors(torch.start);
    const gradients = tensors(torch.gradients[0] as Values);
    const sgd = Sgd.atRest(withMomentum, parameters);
    const held = tf.memory().numTensors;
    for (let step = 0; step < 20; step++) {
      const moved = sgd.step(parameters, gradients, 0.01);
      tf.dispose(parameters);
      parameters = moved;
      expect(tf.memory().numTensors).toBe(held);
    }
    sgd.dispose();
    tf.dispose([parameters, gradients]);
  });
});
