import type { ImageShards } from '@radiotracer/corpus';
import type { FrozenNetwork } from '@radiotracer/nets';
import { type CropFlip, NO_CROP_FLIP } from '@radiotracer/nets/crop-flip';
import type { KeptPredictions } from '@radiotracer/trainer';

import { grouped } from './grouped.ts';
import type { Evidence } from './types.ts';

/**
 * How a network is shown every version, and its loss is the mean: moved by two pixels to each of four sides, as it is and
 * mirrored. What training made it remember of a version it knows wherever the version lies; what else it makes of the pixels
 * depends on where they lie, and averages out (docs/tried.md). The same views for all versions owe nothing to the draw.
 */
export const views: readonly CropFlip[] = [-2, 2].flatMap((top) =>
  [-2, 2].flatMap((left) => [false, true].map((flip) => ({ top, left, flip }))),
);

/** How it is shown what only answered: in all views where it was asked about them, else as it is. */
export function viewsShown(inViews: boolean): readonly CropFlip[] {
  return inViews ? views : [NO_CROP_FLIP];
}

/**
 * Mean losses over views, [N].
 *
 * @param lossesIn - in one view, [N]
 */
export async function meanOverViews(
  shown: readonly CropFlip[],
  lossesIn: (view: CropFlip, index: number) => Promise<ArrayLike<number>>,
): Promise<Float32Array> {
  const sum: number[] = [];
  for (const [index, view] of shown.entries()) {
    const losses = await lossesIn(view, index);
    for (let i = 0; i < losses.length; i++) sum[i] = (sum[i] ?? 0) + (losses[i] as number);
  }
  return Float32Array.from(sum, (losses) => losses / shown.length);
}

/**
 * Mean losses of a network over views, [N].
 *
 * @param name - under which the look keeps them
 * @param rows - [N]; by default all
 */
export function lossesInViews(
  look: KeptPredictions,
  name: string,
  network: FrozenNetwork,
  shards: ImageShards,
  shown: readonly CropFlip[],
  rows?: Uint32Array,
): Promise<Float32Array> {
  return meanOverViews(shown, (view, i) => look.losses(`${name}-${i}`, network, shards, rows, view));
}

/**
 * Losses of versions from those in each of their views.
 *
 * @param losses - [N · shown], the views of a version one after the other
 * @returns means, [N]
 */
export function meansOfViews(losses: readonly number[], shown: number): number[] {
  return grouped(losses, shown).map((each) => each.reduce((sum, loss) => sum + loss, 0) / shown);
}

/** Over how many views losses may be means: over all of a network that was run here, over all or one of answers. */
export function expectedViews({ suspect, views: found }: Pick<Evidence, 'suspect' | 'views'>): number {
  return 'weightsSha256' in suspect || found === views.length ? views.length : 1;
}
