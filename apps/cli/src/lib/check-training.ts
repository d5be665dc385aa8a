import { UsageError } from './errors.ts';
import type { Settings } from './settings.ts';

/**
 * Checks, before any work, that a training's settings fit the corpus.
 *
 * @param corpus - images of the training split, and their size in pixels
 * @throws UsageError
 */
export function checkTraining(
  { training: { batchSize, cropPadding } }: Pick<Settings, 'training'>,
  { images, height, width }: { readonly images: number; readonly height: number; readonly width: number },
): void {
  if (batchSize > images) {
    throw new UsageError(`training.batchSize: found ${batchSize}, expected at most ${images}, the images to train on`);
  }
  const shorter = Math.min(height, width);
  if (cropPadding >= shorter) {
    throw new UsageError(
      `training.cropPadding: found ${cropPadding}, expected less than ${shorter}, the shorter side of the images ` +
        `(${height}×${width}), or crops would be black`,
    );
  }
}
