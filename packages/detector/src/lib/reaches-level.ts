/** Of log10 p: p is computed to 12 digits, and one that equals the level must reach it. */
const ROUNDING = 1e-12;

/** Whether a p-value is as small as the level, both as log10. */
export function reachesLevel(log10P: number, log10Level: number): boolean {
  return log10P <= log10Level + ROUNDING;
}
