import { logGamma } from './log-gamma.ts';
import { stirlingError } from './stirling-error.ts';

/**
 * P(D < d) of the two-sided Kolmogorov–Smirnov distance, exact.
 *
 *   P = n!/nⁿ (Hⁿ)_{kk},   k = ⌊nd⌋ + 1, H of size m = 2k − 1, h = k − nd
 *   H[i][j] = 1/(i−j+1)! for j ≤ i + 1, less h^{i+1}/(i+1)! in the first column and h^{m−j}/(m−j)! in the last row, plus
 *   (2h−1)^m/m! in the corner of both if h > ½
 * H is applied n times to the k-th unit vector and divided by e each time, which keeps the vector of ordinary size:
 * n!/nⁿ is near √(2πn) e^{−n}. Costs 2 n (nd)² operations.
 *
 * @param d - distance, in [0, 1]
 * @param n - number of values, integer ≥ 1
 * @returns probability, in [0, 1]; 0 where it underflows
 * Accuracy: relative error ≤ 1e−13 for n ≤ 500 (fixture: kernels.json, the same matrix with 330 digits).
 * Source: Marsaglia, Tsang and Wang 2003, "Evaluating Kolmogorov's distribution".
 * @example kolmogorovMatrixCdf(0.274, 10); // returns ~0.6285
 */
export function kolmogorovMatrixCdf(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const h = k - n * d;
  const m = 2 * k - 1;
  const inverseFactorial = new Float64Array(m + 1).fill(1);
  for (let i = 1; i <= m; i++) inverseFactorial[i] = at(inverseFactorial, i - 1) / i;
  const edge = inverseFactorial.map((value, i) => value * h ** i);
  const corner = at(inverseFactorial, m) * Math.max(0, 2 * h - 1) ** m;

  let vector = new Float64Array(m);
  vector[k - 1] = 1;
  for (let step = 0; step < n; step++) {
    const next = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      let sum = -at(edge, i + 1) * at(vector, 0);
      for (let j = Math.min(i + 1, m - 1); j >= 0; j--) sum += at(inverseFactorial, i - j + 1) * at(vector, j);
      next[i] = sum / Math.E;
    }
    let lastRow = corner * at(vector, 0);
    for (let j = 0; j < m; j++) lastRow -= at(edge, m - j) * at(vector, j);
    next[m - 1] = at(next, m - 1) + lastRow / Math.E;
    vector = next;
  }
  return at(vector, k - 1) * Math.exp(logFactorialRatio(n));
}

/** ln(n! eⁿ / nⁿ), near ½ ln 2πn. */
function logFactorialRatio(n: number): number {
  return n < 10 ? logGamma(n + 1) - n * Math.log(n) + n : Math.log(2 * Math.PI * n) / 2 + stirlingError(n);
}

/** An entry that is there. */
function at(array: Float64Array, i: number): number {
  return array[i] as number;
}
