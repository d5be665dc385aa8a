/**
 * Refuses differences that no paired test can judge.
 *
 * @throws RangeError if there are fewer than `atLeast`, or one is NaN or infinite (message names its index)
 */
export function checkDifferences(test: string, differences: readonly number[], atLeast: number): void {
  if (differences.length < atLeast) {
    throw new RangeError(`${test}: needs at least ${atLeast} differences, got ${differences.length}`);
  }
  differences.forEach((difference, i) => {
    if (!Number.isFinite(difference)) {
      throw new RangeError(`${test}: differences must be finite, number ${i} is ${difference}`);
    }
  });
}
