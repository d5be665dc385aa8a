import { log1mExp } from './log1m-exp.ts';
import { logUpperIncompleteGamma } from './incomplete-gamma.ts';

/**
 * Log10 p-value of a standard normal variable at least as large as the one observed.
 *
 *   P(Z ≥ z) = ½ · Q(½, z²/2)   for z ≥ 0      (Q: regularised upper incomplete gamma; z < 0 by symmetry)
 * Computed in the log domain: at z = 38 the p-value is already below the smallest double.
 *
 * @param z - in [−∞, ∞], standard deviations
 * @returns log10 of the one-sided p-value, in [−∞, 0]; 0 below z ≈ −38, where p differs from 1 by less than any
 *   double; NaN if z is NaN
 * Accuracy: relative error of log10 p ≤ 1e−12 for |z| ≤ 1000 (fixture: reference.json, mpmath 60 digits).
 * Source: DLMF 7.11.2.
 * @example log10NormalUpperTail(5); // returns ~-6.543
 */
export function log10NormalUpperTail(z: number): number {
  return logNormalUpperTail(z) / Math.LN10;
}

/**
 * The z whose upper tail has the given log10 probability: the inverse of `log10NormalUpperTail`.
 *
 * Newton's method on the log of the tail. That is concave in z, and the start √(−2 ln 2p) is an upper bound of z, so
 * the iterates fall to the root and cannot leave it.
 *
 * @param log10P - in [−∞, 0]
 * @returns z, in standard deviations; ∞ at −∞ and −∞ at 0
 * @throws RangeError if log10P is NaN or positive
 * Accuracy: error ≤ 1e−13 · max(1, |z|) for z ≥ −8 (round trip through `log10NormalUpperTail`).
 * Source: the bound is P(Z ≥ z) ≤ ½ exp(−z²/2), z ≥ 0 (DLMF 7.8.3 gives sharper ones).
 * @example normalUpperQuantile(-300); // returns ~37.05
 */
export function normalUpperQuantile(log10P: number): number {
  if (!(log10P <= 0)) throw new RangeError(`stats: log10 of a p-value must be in [−∞, 0], got ${log10P}`);
  if (log10P === -Infinity) return Infinity;
  const logP = log10P * Math.LN10;
  return logP > -Math.LN2 ? -quantileOfUpperHalf(log1mExp(logP)) : quantileOfUpperHalf(logP);
}

function logNormalUpperTail(z: number): number {
  const outward = logUpperIncompleteGamma(0.5, z ** 2 / 2) - Math.LN2; // ln P(Z ≥ |z|)
  return z < 0 ? log1mExp(outward) : outward;
}

/** @param logP - natural log, in [−∞, −ln 2] */
function quantileOfUpperHalf(logP: number): number {
  if (logP === -Infinity) return Infinity;
  let z = Math.sqrt(Math.max(0, -2 * (logP + Math.LN2)));
  let step = Infinity;
  while (Math.abs(step) > 1e-8 * Math.max(1, z)) {
    const logTail = logNormalUpperTail(z);
    const logDensity = -(z ** 2) / 2 - Math.log(2 * Math.PI) / 2;
    step = (logTail - logP) * Math.exp(logTail - logDensity); // the derivative of logTail is −density/tail
    z += step;
  }
  return z;
}
