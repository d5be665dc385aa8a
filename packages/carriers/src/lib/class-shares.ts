import { assertInteger } from './assert-integer.ts';
import { InvalidArgumentError } from './errors.ts';

export interface ChoiceOptions {
  /** Label of each row, integers ≥ 0. [N] */
  readonly labels: ArrayLike<number>;
  /** Share of the rows to choose, in (0, 1]. */
  readonly fraction: number;
}

/**
 * How many rows of each class to mark: t = round(`fraction` · N) in all, by largest remainders.
 *
 * Class c with n_c of the N rows is due t·n_c/N. It gets the whole part; what is left goes, one each, to the classes
 * with the largest fractional parts, of equal ones to the lower label. Exact, as it is computed in integers. A small
 * class may get none.
 *
 * @returns count by label, labels ascending
 * @throws InvalidArgumentError if the fraction is outside (0, 1] or comes to less than one image, or a label is invalid
 * @example classShares({ labels: [0, 0, 0, 1, 1], fraction: 0.4 }); // Map { 0 => 1, 1 => 1 }
 */
export function classShares({ labels, fraction }: ChoiceOptions): Map<number, number> {
  if (!(fraction > 0 && fraction <= 1)) {
    throw new InvalidArgumentError(`carriers: fraction must be in (0, 1], is ${fraction}`);
  }
  const total = Math.round(fraction * labels.length);
  if (total < 1) {
    throw new InvalidArgumentError(
      `carriers: a fraction of ${fraction} of ${labels.length} images is less than one image; raise it`,
    );
  }
  const due = [...countByLabel(labels)].map(([label, count]) => {
    const remainder = (total * count) % labels.length;
    return { label, share: (total * count - remainder) / labels.length, remainder };
  });
  let left = total - due.reduce((sum, { share }) => sum + share, 0);
  due.sort((a, b) => b.remainder - a.remainder || a.label - b.label);
  for (const one of due) if (left-- > 0) one.share++;
  return new Map(due.sort((a, b) => a.label - b.label).map(({ label, share }) => [label, share]));
}

function countByLabel(labels: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? NaN;
    assertInteger(`label of row ${row}`, label, 0);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}
