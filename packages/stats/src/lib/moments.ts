/** Σ x_i, in their order. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Mean; NaN of no values. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/**
 * Σ (x_i − mean)²: over n the variance of a whole population, over n − 1 the one estimated from a sample.
 *
 * @example sumOfSquares([1, 2, 6]); // returns 14
 */
export function sumOfSquares(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((total, value) => total + (value - centre) ** 2, 0);
}
