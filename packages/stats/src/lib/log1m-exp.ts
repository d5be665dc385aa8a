/**
 * ln(1 − e^x): the log of the complement of a probability that is itself given as a log.
 *
 * Below −ln 2 log1p keeps the digits, above it expm1 does.
 *
 * @param x - log of a probability, in [−∞, 0]
 * @returns in [−∞, 0]; −∞ only at x = 0; 0 where e^x underflows; NaN if x is NaN or positive
 * Accuracy: a few ulp, relative, also next to 0.
 * Source: Mächler 2012, "Accurately computing log(1 − exp(−|a|))".
 * @example log1mExp(Math.log(0.25)); // returns ~-0.288
 */
export function log1mExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x)) + 0; // + 0: never −0
}
