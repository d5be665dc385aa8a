import { log1mExp } from './log1m-exp.ts';
import { mean } from './moments.ts';
import { sumDistribution } from './sum-distribution.ts';

type Rows = readonly (readonly number[])[];

/**
 * ln P(X₁ + … + X_n ≥ t), where X_i is drawn uniformly from the integers of row i: exact, however small.
 *
 * The distribution of the sum is the convolution of the rows. It is computed under exponential tilting, which moves
 * its mean to t, so that what is summed is of ordinary size; ln p is put back afterwards. With the deficits
 * D_i = max_i − X_i, their sum D, d = Σ max_i − t, and K(θ) = Σ ln E e^{−θ D_i}:
 *   P(D ≤ d) = Σ_{j ≤ d} e^{K(θ) + θ j} · P_θ(D = j),   where K'(θ) = −d
 * Below the mean of the sum, the complement is computed so, and ln(1 − ·) taken of it.
 *
 * @param rows - integers, equal ones count as often as they occur; [n][V_i], V_i ≥ 1
 * @param t - integer
 * @returns natural logarithm, in [−∞, 0]; −∞ if no choice reaches t
 * Accuracy: relative error of p, and of 1 − p, ≤ (n + 100) · 1e−15 (against enumeration and closed forms).
 * Source: Esscher 1932; Daniels 1954, "Saddlepoint approximations in statistics" (the tilting; no approximation here).
 * @example logUpperTailOfSum([[0, 1], [0, 1]], 2); // returns ~-1.386 (ln ¼)
 */
export function logUpperTailOfSum(rows: Rows, t: number): number {
  const deficits = rows.map((row) => ((largest) => row.map((x) => largest - x))(Math.max(...row)));
  const deficit = total(rows, (row) => Math.max(...row)) - t;
  if (t > total(rows, mean)) return logLowerTail(deficits, deficit);
  const excesses = rows.map((row) => ((smallest) => row.map((x) => x - smallest))(Math.min(...row)));
  const excess = t - 1 - total(rows, (row) => Math.min(...row));
  return log1mExp(logLowerTail(excesses, excess));
}

/** ln P(sum ≤ limit) for rows with smallest value 0; limit is below the mean of the sum. */
function logLowerTail(rows: Rows, limit: number): number {
  if (limit < 0) return -Infinity;
  if (limit === 0) return total(rows, (row) => Math.log(row.filter((x) => x === 0).length / row.length));
  const tilt = findTilt(rows, limit);
  const { from, probability } = sumDistribution(rows, tilt, limit);
  const sum = probability.reduce((s, p, j) => s + p * Math.exp(tilt * (from + j - limit)), 0);
  const cumulant = total(rows, (row) => Math.log(row.reduce((s, x) => s + Math.exp(-tilt * x), 0) / row.length));
  return cumulant + tilt * limit + Math.log(sum);
}

/** The θ > 0 at which the tilted sum has its mean at `target`, to about 1e−9; any θ gives the same p. */
function findTilt(rows: Rows, target: number): number {
  const isTooSmall = (tilt: number): boolean => total(rows, (row) => tiltedMean(row, tilt)) > target;
  let high = 1 / rows.reduce((largest, row) => Math.max(largest, ...row), 0);
  while (isTooSmall(high)) high *= 2;
  let low = 0;
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (isTooSmall(middle)) low = middle;
    else high = middle;
  }
  return high;
}

function tiltedMean(row: readonly number[], tilt: number): number {
  let weights = 0;
  let sum = 0;
  for (const x of row) {
    const weight = Math.exp(-tilt * x);
    weights += weight;
    sum += weight * x;
  }
  return sum / weights;
}

function total(rows: Rows, value: (row: readonly number[]) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0);
}
