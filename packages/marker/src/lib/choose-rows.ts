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
  const hardestFirst = Array.from(labels.keys()).sort((a, b) => (loss[b] as number) - (loss[a] as number) || a - b);
  return [...classShares({ labels, fraction: markedFraction })]
    .flatMap(([label, share]) => hardestFirst.filter((row) => labels[row] === label).slice(0, share))
    .sort((a, b) => a - b);
}
