import { expect } from '@jest/globals';

/** Asserts |actual − expected| ≤ tolerance · |expected|, also next to zero, where toBeCloseTo would accept anything. */
export function expectRelative(actual: number, expected: number, tolerance: number): void {
  const error = actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected);
  expect({ actual, expected, isWithin: error <= tolerance }).toEqual({ actual, expected, isWithin: true });
}
