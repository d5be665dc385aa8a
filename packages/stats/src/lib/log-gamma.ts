import { stirlingError } from './stirling-error.ts';

/**
 * ln Γ(x).
 *
 * Stirling's series from 10 upwards; below it the argument is raised by Γ(x) = Γ(x + m) / (x (x+1) … (x+m−1)).
 *
 * @param x - real > 0
 * @returns natural logarithm
 * Accuracy: absolute error ≤ 1e−14 · max(1, |ln Γ(x)|) (fixture: kernels.json, mpmath).
 * Source: DLMF 5.11.1, 5.5.1.
 * @example logGamma(0.5); // returns ~0.572
 */
export function logGamma(x: number): number {
  let product = 1;
  let raised = x;
  for (; raised < 10; raised++) product *= raised;
  return (
    (raised - 0.5) * Math.log(raised) - raised + Math.log(2 * Math.PI) / 2 + stirlingError(raised) - Math.log(product)
  );
}
