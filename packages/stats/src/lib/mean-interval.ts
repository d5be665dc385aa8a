import { mean, sumOfSquares } from './moments.ts';
import { log10StudentTUpperTail } from './student-t.ts';

/** A mean and how surely it is known. */
export interface MeanInterval {
  readonly mean: number;
  /** The interval is mean ± halfWidth; null for a single value, which says nothing of its spread. */
  readonly halfWidth: number | null;
}

/**
 * Mean of a sample and Student's confidence interval of it.
 *
 *   mean ± t · sd / √n,  P(T ≥ t) = (1 − confidence)/2 at n − 1 degrees of freedom
 * if the values are independent and normal.
 *
 * @param values - [n], n ≥ 1
 * @param confidence - in (0, 1), 0.95 for 95%
 * @throws RangeError if there is no value, or the confidence is out of range
 * Source: Student 1908, "The probable error of a mean".
 * @example meanInterval([1, 2, 3], 0.95); // returns { mean: 2, halfWidth: ~2.484 }
 */
export function meanInterval(values: readonly number[], confidence: number): MeanInterval {
  const n = values.length;
  if (n === 0) throw new RangeError('stats: the mean of no values; give at least one');
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`stats: confidence must be in (0, 1), got ${confidence}`);
  if (n === 1) return { mean: mean(values), halfWidth: null };
  const variance = sumOfSquares(values) / (n - 1);
  return {
    mean: mean(values),
    halfWidth: studentTUpperQuantile((1 - confidence) / 2, n - 1) * Math.sqrt(variance / n),
  };
}

/** The t whose upper tail is p, for p in (0, ½): bisected until no double lies between. */
function studentTUpperQuantile(p: number, df: number): number {
  const log10P = Math.log10(p);
  let [below, above] = [0, 1];
  while (log10StudentTUpperTail(above, df) > log10P) [below, above] = [above, 2 * above];
  for (;;) {
    const middle = (below + above) / 2;
    if (middle === below || middle === above) return middle;
    if (log10StudentTUpperTail(middle, df) > log10P) below = middle;
    else above = middle;
  }
}
