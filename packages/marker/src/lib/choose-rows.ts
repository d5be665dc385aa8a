import { chooseImages, classShares, type MarkingKey } from '@radiotracer/carriers';

import type { MarkingSettings } from './types.ts';

/**
 * Rows to mark, in ascending order: the exact share of the corpus, spread over the classes by their sizes.
 *
 * `hardest` takes the images of each class on which the marking network's loss is highest: a network remembers those
 * best, so they carry the most evidence (docs/tried.md).
 *
 * @param labels - class of each row
 * @param losses - the marking network's on each row; asked for only where they are needed
 */
export async function chooseRows(
  key: MarkingKey,
  labels: Int32Array,
  { selection, markedFraction }: Pick<MarkingSettings, 'selection' | 'markedFraction'>,
  losses: () => Promise<Float32Array>,
): Promise<number[]> {
  if (selection === 'random') return chooseImages(key, { labels, fraction: markedFraction });
  const loss = await losses();
  const left = classShares({ labels, fraction: markedFraction });
  return Array.from(labels.keys())
    .sort((a, b) => (loss[b] as number) - (loss[a] as number) || a - b)
    .filter((row) => take(left, labels[row] as number))
    .sort((a, b) => a - b);
}

/** Takes one of what is left of a class; false where nothing is. */
function take(left: Map<number, number>, label: number): boolean {
  const count = left.get(label) ?? 0;
  left.set(label, count - 1);
  return count > 0;
}
