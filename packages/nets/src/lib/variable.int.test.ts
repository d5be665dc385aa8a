import { describe, expect, it } from '@jest/globals';

import { tf } from './tensorflow.ts';
import { Variable } from './variable.ts';

const valuesOf = (variable: Variable): number[] => {
  const value = variable.read();
  const values = Array.from(value.dataSync());
  value.dispose();
  return values;
};

describe('Variable', () => {
  it('descends, and with momentum; others, made alike, stay', () => {
    const [one, half] = [tf.scalar(1), tf.scalar(0.5)];
    const [weight, velocity, other] = [
      [4, -8],
      [2, 0],
      [4, -8],
    ].map((values) => Variable.of(tf.tensor1d(values)));
    const gradient = tf.tensor1d([1, 2]);
    (weight as Variable).descend(gradient, half);
    expect(valuesOf(weight as Variable)).toEqual([3.5, -9]);
    (weight as Variable).descendWithMomentum(velocity as Variable, gradient, one, half);
    expect(valuesOf(velocity as Variable)).toEqual([2, 2]);
    expect(valuesOf(weight as Variable)).toEqual([1.5, -11]);
    expect(valuesOf(other as Variable)).toEqual([4, -8]);
  });

  it('changes neither the array that it was made of nor a value that was read before', () => {
    const array = new Float32Array(1000).fill(1);
    const tensor = tf.tensor1d(array);
    const variable = Variable.of(tensor);
    tensor.dispose();
    const before = variable.read();
    variable.descend(tf.ones([1000]), tf.scalar(1));
    expect(valuesOf(variable)[999]).toBe(0);
    expect(before.dataSync()[999]).toBe(1);
    expect(array[999]).toBe(1);
  });

  it('frees its memory', () => {
    const value = tf.zeros([4_000_000]);
    const rss = (): number => process.memoryUsage().rss / 16e6;
    Variable.of(value).dispose();
    const [tensors, before] = [tf.memory().numTensors, rss()];
    for (let i = 0; i < 50; i++) Variable.of(value).dispose();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(rss() - before).toBeLessThan(10); // of 50
  });
});
