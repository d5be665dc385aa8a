/** B_{2k} / (2k (2k−1)) for k = 1, 2, … */
const coefficients = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/**
 * What Stirling's formula leaves of the log-gamma function.
 *
 *   σ(x) = ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π] ≈ 1/(12x)
 * It stays small where ln Γ is large, so that differences of log-gammas written with it do not cancel.
 *
 * @param x - real ≥ 10
 * @returns in (0, 1/120]
 * Accuracy: absolute error ≤ 1e−16, the first term left out at x = 10.
 * Source: DLMF 5.11.1.
 * @example stirlingError(10); // returns ~0.00833
 */
export function stirlingError(x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum / x ** 2 + coefficient, 0) / x;
}
