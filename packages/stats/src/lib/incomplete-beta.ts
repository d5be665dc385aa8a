import { log1mExp } from './log1m-exp.ts';
import { logBeta } from './log-beta.ts';

/** Relative size of a step that ends the continued fraction: 4 ulp. */
const epsilon = 2 ** -50;

/**
 * ln I_x(a, b), the log of the regularised incomplete beta function.
 *
 *   I_x(a, b) = x^a y^b / (a B(a, b)) · 1/(1 + d₁/(1 + d₂/(1 + …))),   y = 1 − x
 * The prefactor is a sum of logs, so nothing underflows. The fraction converges fast for x < (a+1)/(a+b+2); beyond,
 * I_x(a, b) = 1 − I_y(b, a), which then takes little from 1 and so loses no digits.
 *
 * @param a - real > 0
 * @param b - real > 0
 * @param x - in [0, 1]
 * @param y - 1 − x, an argument of its own because the caller often knows it to more digits than 1 − x has
 * @returns in [−∞, 0]; −∞ only at x = 0; NaN if an argument is NaN
 * Accuracy: relative error ≤ 1e−12 for a, b ≤ 20,000 (fixture: kernels.json, mpmath).
 * Source: DLMF 8.17.22; Lentz's method as in Thompson and Barnett 1986.
 * @example logIncompleteBeta(2, 3, 0.5, 0.5); // returns ~-0.375
 */
export function logIncompleteBeta(a: number, b: number, x: number, y: number): number {
  if (x > (a + 1) / (a + b + 2)) return log1mExp(logIncompleteBeta(b, a, y, x));
  const logX = x < 0.5 ? Math.log(x) : Math.log1p(-y);
  const logY = y < 0.5 ? Math.log(y) : Math.log1p(-x);
  return a * logX + b * logY - Math.log(a) - logBeta(a, b) - Math.log(continuedFraction(a, b, x));
}

/** 1 + d₁/(1 + d₂/(1 + …)), about √max(a, b) steps. */
function continuedFraction(a: number, b: number, x: number): number {
  let value = 1;
  let c = 1;
  let d = 0;
  let step = 0;
  for (let m = 0; Math.abs(step - 1) > epsilon; m++) {
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)); // d_{2m+1}
    const even = ((m + 1) * (b - m - 1) * x) / ((a + 2 * m + 1) * (a + 2 * m + 2)); // d_{2m+2}
    step = 1;
    for (const coefficient of [odd, even]) {
      d = 1 / (1 + coefficient * d);
      c = 1 + coefficient / c;
      value *= c * d;
      step *= c * d;
    }
  }
  return value;
}
