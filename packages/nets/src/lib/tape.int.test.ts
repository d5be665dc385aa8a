import { describe, expect, it } from '@jest/globals';

import { Tape } from './tape.ts';
import { tf } from './tensorflow.ts';

const valuesOf = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

/** a · b by element, recorded; a and b may be the same. */
function multiply(tape: Tape, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tape.record(tf.mul(a, b), (dy) => {
    tape.accumulate(a, tf.mul(dy, b));
    tape.accumulate(b, tf.mul(dy, a));
  });
}

describe('Tape', () => {
  it('follows a chain backwards', () => {
    const tape = new Tape();
    const [x, y, z] = [tf.tensor1d([2, 3]), tf.tensor1d([5, 7]), tf.tensor1d([11, 13])];
    tape.backward(multiply(tape, multiply(tape, x, y), z), tf.tensor1d([1, 10]));
    expect(valuesOf(tape.gradient(x))).toEqual([5 * 11, 10 * 7 * 13]);
    expect(valuesOf(tape.gradient(y))).toEqual([2 * 11, 10 * 3 * 13]);
  });

  it('adds up the gradients of an activation that is used twice, by two layers or by one', () => {
    const tape = new Tape();
    const x = tf.tensor1d([2, 3]);
    const square = multiply(tape, x, x);
    tape.backward(multiply(tape, square, x), tf.tensor1d([1, 1])); // x³
    expect(valuesOf(tape.gradient(x))).toEqual([12, 27]);
  });

  it('frees recorded activations and all gradients but those of what went in', () => {
    const x = tf.tensor1d([2, 3]);
    const one = tf.tensor1d([1, 1]);
    const before = tf.memory().numTensors;
    const tape = new Tape();
    const square = multiply(tape, x, x);
    tape.backward(multiply(tape, square, x), one);
    expect(square.isDisposed).toBe(true);
    expect(() => tape.gradient(square)).toThrow(/no gradient reached/);
    expect(one.isDisposed).toBe(false);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it('reads a gradient only when every layer behind has added to it: x · x² + x²', () => {
    const tape = new Tape();
    const x = tf.tensor1d([2]);
    const square = multiply(tape, x, x);
    const cube = multiply(tape, square, x);
    const sum = tape.record(tf.add(cube, square), (dy) => {
      tape.accumulate(cube, dy);
      tape.accumulate(square, dy);
    });
    tape.backward(sum, tf.tensor1d([1]));
    expect(valuesOf(tape.gradient(x))).toEqual([3 * 4 + 2 * 2]);
  });

  it('refuses a layer that leads nowhere, and an activation that it never saw', () => {
    const tape = new Tape();
    const x = tf.tensor1d([2]);
    const used = multiply(tape, x, x);
    multiply(tape, x, x);
    expect(() => tape.backward(used, tf.tensor1d([1]))).toThrow(/does not lead to the output/);
    expect(() => new Tape().gradient(x)).toThrow(/no gradient reached/);
  });
});
