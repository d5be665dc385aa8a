import { checkPValues } from './check-p-values.ts';

/**
 * P-values of several tests, adjusted by Holm's step-down method: whoever rejects those below a level rejects any true
 * null hypothesis at all with at most that probability, however the tests depend on one another.
 *
 *   adjusted p_(i) = max over j ≤ i of min(1, (m − j + 1) · p_(j)),   p_(1) ≤ p_(2) ≤ …
 *
 * @param log10Ps - log10 of k ≥ 1 p-values, each finite and ≤ 0
 * @param tests - m ≥ k, an integer: how many tests there are in all; those without a p-value count as if theirs were 1
 * @returns log10 of the adjusted p-values, ≤ 0, in the order of `log10Ps`
 * @throws RangeError if there are none, one is NaN, infinite or positive, or `tests` is no integer ≥ k
 * Source: Holm 1979, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6.
 * @example holm([-4, -2]).map((p) => Number(p.toFixed(3))); // returns [-3.699, -2]
 */
export function holm(log10Ps: readonly number[], tests = log10Ps.length): number[] {
  checkPValues('holm', log10Ps);
  if (!(Number.isSafeInteger(tests) && tests >= log10Ps.length)) {
    throw new RangeError(`holm: there are ${log10Ps.length} p-values, so tests must be an integer ≥ that, is ${tests}`);
  }
  const order = [...log10Ps.keys()].sort((a, b) => (log10Ps[a] as number) - (log10Ps[b] as number));
  const adjusted = new Array<number>(log10Ps.length);
  let most = -Infinity;
  order.forEach((index, rank) => {
    most = Math.max(most, Math.min(0, (log10Ps[index] as number) + Math.log10(tests - rank)));
    adjusted[index] = most;
  });
  return adjusted;
}
