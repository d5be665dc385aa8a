import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { PIXEL_STD } from '@radiotracer/nets';

import { PAPER_MARKING } from './marking-settings.ts';
import { type PixelStepper, pixelStepper } from './pixel-stepper.ts';
import type { MarkingSettings } from './types.ts';

// Made by generate-adam.py beside it, with PyTorch in float64.
const { learningRate, gradients, deltas } = JSON.parse(
  readFileSync(new URL('../../test/fixtures/adam.json', import.meta.url), 'utf8'),
) as { learningRate: number; gradients: number[][]; deltas: number[][] };

/** Levels: float32 moments and deltas of up to 5, over eight steps, and PyTorch's other ε. */
const ADAM_TOLERANCE = 5e-6;

function stepper(optimizer: MarkingSettings['optimizer'], rate: number, size: number): PixelStepper {
  return pixelStepper({ ...PAPER_MARKING, optimizer, learningRate: rate }, size);
}

/** Deltas after each step. */
function path(steps: PixelStepper, each: readonly number[][]): number[][] {
  const found = new Float32Array((each[0] as number[]).length);
  return each.map((gradient) => {
    steps.step(found, Float32Array.from(gradient));
    return Array.from(found);
  });
}

function largestDifference(a: number[][], b: number[][]): number {
  return Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - (b[i]?.[j] ?? NaN)))));
}

describe('sgd', () => {
  it('steps as SGD on normalised pixels does: z ← z − rate · ∂L/∂z, z = (x/255 − mean)/std by channel', () => {
    const ofNormalised = [0.002, -0.003, 0.005, -0.001, 0.004, 0.0025]; // ∂L/∂z of two RGB pixels
    const ofLevels = ofNormalised.map((g, i) => g / (255 * (PIXEL_STD[i % 3] as number))); // the chain rule
    const [once, twice] = path(stepper('sgd', 1.5, 6), [ofLevels, ofLevels]) as [number[], number[]];
    ofNormalised.forEach((g, i) => {
      const expected = -1.5 * g * 255 * (PIXEL_STD[i % 3] as number); // the step of z, in levels
      expect(once[i]).toBeCloseTo(expected, 6);
      expect(twice[i]).toBeCloseTo(2 * expected, 6); // no momentum
    });
  });
});

describe('adam', () => {
  it('takes PyTorch’s path', () => {
    expect(largestDifference(path(stepper('adam', learningRate, 6), gradients), deltas)).toBeLessThan(ADAM_TOLERANCE);
  });

  it('takes another path at another rate, which the comparison notices', () => {
    const other = path(stepper('adam', learningRate * 1.001, 6), gradients);
    expect(largestDifference(other, deltas)).toBeGreaterThan(100 * ADAM_TOLERANCE);
  });

  it('moves each pixel by the learning rate at first, whatever the size of its gradient', () => {
    const [first] = path(stepper('adam', 1, 3), [[1e-3, -20, 0]]) as [number[]];
    [-1, 1, 0].forEach((expected, i) => expect(first[i]).toBeCloseTo(expected, 3));
  });

  it('does not correct ε for bias: a first gradient of 1e−6 moves by 1 / (1 + 1e−8/(1e−6·√0.001))', () => {
    const [first] = path(stepper('adam', 1, 1), [[1e-6]]) as [number[]];
    expect(first[0]).toBeCloseTo(-1 / (1 + 1e-2 / Math.sqrt(1e-3)), 5);
  });
});
