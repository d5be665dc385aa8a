/**
 * Refuses what cannot be a list of log10 p-values to combine.
 *
 * @throws RangeError if the list is empty, or a value is NaN, positive or −∞ (no evidence is infinite)
 */
export function checkPValues(test: string, log10Ps: readonly number[]): void {
  if (log10Ps.length === 0) throw new RangeError(`${test}: needs at least one p-value`);
  log10Ps.forEach((log10P, i) => {
    if (!(log10P <= 0 && log10P > -Infinity)) {
      throw new RangeError(`${test}: log10 of a p-value must be finite and ≤ 0, number ${i} is ${log10P}`);
    }
  });
}
