import type { Rng } from '../src/lib/rng.ts';

/**
 * f′(0) by central differences of a float64 function, with a step so small that no kink lies within it.
 *
 * @param f - value at a step, and a number that differs where a ReLU or a maximum is on another side
 */
export function slope(f: (step: number) => { value: number; pattern: number }): number {
  for (const step of [1e-5, 1e-6, 1e-7, 1e-8]) {
    const [before, after] = [f(-step), f(step)];
    if (before.pattern === after.pattern) return (after.value - before.value) / (2 * step);
  }
  throw new Error('a kink lies within every step: take another direction');
}

/** A direction of length one, half along `gradient`, half random where `mask` allows: neither size nor place can be off. */
export function direction(rng: Rng, gradient: Float64Array, mask: (i: number) => boolean = () => true): Float64Array {
  const along = unit(gradient.map((value, i) => (mask(i) ? value : 0)));
  const random = unit(gradient.map((_, i) => (mask(i) ? rng.normal() : 0)));
  return unit(along.map((value, i) => value + (random[i] as number)));
}

export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

export function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function unit(a: Float64Array): Float64Array {
  const length = norm(a);
  return length === 0 ? a : a.map((value) => value / length);
}
