import { MOST_MAGNITUDE } from './rand-augment.ts';
import type { Augmentation } from './types.ts';

interface Rule {
  readonly holds: (value: number) => boolean;
  readonly valid: string;
}

const wholeIn = (least: number, most: number): Rule => ({
  holds: (value) => Number.isSafeInteger(value) && value >= least && value <= most,
  valid: `an integer in ${least}..${most}`,
});

/** What the fields of each augmentation must be. */
const rules: { readonly [Name in Augmentation['name']]: Readonly<Record<string, Rule>> } = {
  jpeg: { quality: wholeIn(1, 100) },
  blur: { sigma: { holds: (value) => Number.isFinite(value) && value > 0, valid: 'finite and above 0' } },
  resize: { factor: { holds: (value) => value > 0 && value < 1, valid: 'between 0 and 1' } },
  grey: {},
  randAugment: { operations: wholeIn(1, 14), magnitude: wholeIn(0, MOST_MAGNITUDE) },
};

/** The first field of an augmentation that is out of range, and what would be valid; undefined if all hold. */
export function augmentationProblem(
  augmentation: Augmentation,
): { readonly field: string; readonly value: unknown; readonly valid: string } | undefined {
  const { name, ...fields } = augmentation as { readonly name: Augmentation['name'] } & Readonly<
    Record<string, number>
  >;
  if (!Object.hasOwn(rules, name)) return { field: 'name', value: name, valid: Object.keys(rules).join(', ') };
  for (const [field, { holds, valid }] of Object.entries(rules[name])) {
    const value = fields[field] as number;
    if (!holds(value)) return { field, value, valid };
  }
  return undefined;
}
