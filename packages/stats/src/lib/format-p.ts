/**
 * A p-value as people read it, from its log10, however small: two digits, or a power of ten with one.
 *
 * @example
 * formatP(Math.log10(0.43)); // returns '0.43'
 * formatP(-2.5);             // returns '0.0032'
 * formatP(-312.44);          // returns '10^-312.4'
 */
export function formatP(log10P: number): string {
  return log10P > -3 ? String(Number((10 ** log10P).toPrecision(2))) : `10^${log10P.toFixed(1)}`;
}
