import { UsageError } from './errors.ts';
import type { Settings } from './settings.ts';
import { suspectSettings } from './suspect-settings.ts';

/** Of the training split: images, and their size in pixels. */
interface Images {
  readonly images: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Checks, before any work, that the settings of all trainings fit the corpus.
 *
 * @throws UsageError
 */
export function checkTraining(settings: Pick<Settings, 'architecture' | 'training' | 'suspect'>, corpus: Images): void {
  checkOne(settings.training, 'training', corpus);
  checkOne(suspectSettings(settings).training, 'suspect.training', corpus);
  const { pretraining } = settings.suspect;
  const { privacy } = settings.suspect.training;
  if (privacy) checkBatch(privacy, 'suspect.training.privacy', corpus);
  if (pretraining) checkOne({ ...settings.training, ...pretraining }, 'suspect.pretraining', corpus);
}

function checkOne(training: Settings['training'], place: string, corpus: Images): void {
  checkBatch(training, place, corpus);
  const { cropPadding, augmentations = [] } = training;
  const { height, width } = corpus;
  const shorter = Math.min(height, width);
  if (cropPadding >= shorter) {
    throw new UsageError(
      `${place}.cropPadding: found ${cropPadding}, expected less than ${shorter}, the shorter side of the images ` +
        `(${height}×${width}), or crops would be black`,
    );
  }
  augmentations.forEach((augmentation, i) => {
    if (augmentation.name !== 'blur' || Math.ceil(3 * augmentation.sigma) < shorter) return;
    throw new UsageError(
      `${place}.augmentations.${i}.sigma: found ${augmentation.sigma}, expected at most ${(shorter - 1) / 3}, ` +
        `a third of the shorter side of the images (${height}×${width})`,
    );
  });
}

function checkBatch({ batchSize }: { readonly batchSize: number }, place: string, { images }: Images): void {
  if (batchSize <= images) return;
  throw new UsageError(`${place}.batchSize: found ${batchSize}, expected at most ${images}, the images to train on`);
}
