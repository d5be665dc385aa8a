import { describe, expect, it } from '@jest/globals';
import { excessWeights } from './excess-weights.ts';

const reference = Float32Array.from([3, 0, 0, -3, 0, 0]); // two classes, three features

describe('excessWeights', () => {
  it('leaves what the reference has not, whatever its scale and what all classes share', () => {
    const common = [5, -7, 1];
    const added = [0, 0.5, 0, 0, -0.5, 0];
    const weights = reference.map((w, i) => 0.4 * w + (common[i % 3] as number) + (added[i] as number));
    expect([...excessWeights(weights, [reference], 2)]).toEqual(added.map((w) => expect.closeTo(w, 6)));
  });

  it('is at right angles to the reference', () => {
    const weights = Float32Array.from([1, 2, 3, 4, -5, 6]);
    const excess = excessWeights(weights, [reference], 2);
    expect(excess[0]).toBeCloseTo(0, 6);
    expect(excess[3]).toBeCloseTo(0, 6);
  });

  it('leaves nothing of what lies between two references, or beyond them on their line', () => {
    const [weak, strong] = [Float32Array.from([4, 1, 0, -4, -1, 0]), Float32Array.from([1, 1, 1, -1, -1, -1])];
    const weights = weak.map((w, i) => 0.7 * w + 0.1 * (strong[i] as number));
    for (const weight of excessWeights(weights, [weak, strong], 2)) expect(weight).toBeCloseTo(0, 6);
    const repeated = excessWeights(weights, [weak, weak], 2);
    expect([...repeated]).toEqual([...excessWeights(weights, [weak], 2)].map((w) => expect.closeTo(w, 6)));
  });

  it('is the whole weight where the reference has none', () => {
    const weights = Float32Array.from([1, 2, 3, -1, -2, -3]);
    expect(excessWeights(weights, [new Float32Array(6)], 2)).toEqual(weights);
  });
});
