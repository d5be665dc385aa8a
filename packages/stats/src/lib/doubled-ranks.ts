/**
 * Twice the ranks of values, so that the mean ranks of ties are integers.
 *
 *   2 · rank(x) = #{values < x} + #{values ≤ x} + 1
 *
 * @param values - finite numbers; [n]
 * @returns integers in 2..2n, 2 for the unique lowest; equal values get equal ranks; [n]
 * @example doubledRanks([5, 7, 7]); // returns [2, 5, 5]
 */
export function doubledRanks(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  sorted.forEach((value, i) => {
    if (!first.has(value)) first.set(value, i);
    last.set(value, i);
  });
  return values.map((value) => (first.get(value) as number) + (last.get(value) as number) + 2);
}
