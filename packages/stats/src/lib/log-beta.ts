import { logGamma } from './log-gamma.ts';
import { stirlingError } from './stirling-error.ts';

/**
 * ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b).
 *
 * At a = 12,544 and b = ½ the log-gammas are near 1e5 and nearly cancel; the large pair is therefore taken together:
 *   ln Γ(a) − ln Γ(a+b) = b − b ln(a+b) − (a − ½) ln(1 + b/a) + σ(a) − σ(a+b)      (σ: Stirling's error)
 *
 * @param a - real > 0
 * @param b - real > 0
 * @returns natural logarithm
 * Accuracy: absolute error ≤ 1e−14 · max(1, |ln B|) where one argument is below 10 (fixture: kernels.json).
 * Source: DLMF 5.12.1, 5.11.1.
 * @example logBeta(0.5, 0.5); // returns ~1.145 (ln π)
 */
export function logBeta(a: number, b: number): number {
  const [large, small] = a > b ? [a, b] : [b, a];
  if (large < 10) return logGamma(large) + logGamma(small) - logGamma(large + small);
  return (
    logGamma(small) +
    (small - small * Math.log(large + small) - (large - 0.5) * Math.log1p(small / large)) +
    (stirlingError(large) - stirlingError(large + small))
  );
}
