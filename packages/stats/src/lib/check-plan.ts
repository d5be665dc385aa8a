const isIntegerFrom = (least: number) => (value: number) => Number.isInteger(value) && value >= least;

/** Of each part of a plan: what is valid, in words and as a check. */
const parts = {
  power: ['between 0 and 1', (value: number) => value > 0 && value < 1],
  log10Level: ['finite and below 0', (value: number) => Number.isFinite(value) && value < 0],
  advantage: ['finite', Number.isFinite],
  draws: ['an integer ≥ 1', isIntegerFrom(1)],
  versions: ['an integer ≥ 2', isIntegerFrom(2)],
  classes: ['an integer ≥ 1', isIntegerFrom(1)],
  dimension: ['an integer ≥ 2', isIntegerFrom(2)],
} as const;

/**
 * Refuses plans of tests that mean nothing: to look for what they need would not end, or find nonsense.
 *
 * @throws RangeError naming the part, what is valid, and the value
 */
export function checkPlan(plan: Readonly<Partial<Record<keyof typeof parts, number>>>): void {
  for (const [name, value] of Object.entries(plan)) {
    const [valid, holds] = parts[name as keyof typeof parts];
    if (!holds(value)) throw new RangeError(`stats: ${name} must be ${valid}, got ${value}`);
  }
}
