import { MarkingError } from './errors.ts';
import type { MarkingSettings } from './types.ts';

/**
 * Settings of the authors' code: 90 epochs of 10 steps of SGD, a carrier for each class (Sablayrolles et al. 2020,
 * section 4 and its published code). Versions are ours: one is published, the others are decoys.
 */
export const PAPER_MARKING: MarkingSettings = {
  markedFraction: 0.01,
  selection: 'random',
  versions: 10,
  carrierUnit: 'class',
  radius: 10,
  lambdaFeatureL2: 0.01,
  lambdaImageL2: 0.0005,
  optimizer: 'sgd',
  learningRate: 1,
  steps: 900,
  cropPadding: 4,
  horizontalFlip: true,
  seed: 0,
};

/** @throws MarkingError naming the first field that is out of range */
export function checkMarkingSettings(settings: MarkingSettings): void {
  const require = (holds: boolean, field: keyof MarkingSettings, valid: string) => {
    if (!holds) throw new MarkingError(`marking.${field} is ${String(settings[field])}; it must be ${valid}`);
  };
  require(settings.markedFraction > 0 && settings.markedFraction <= 1, 'markedFraction', 'in (0, 1]');
  require(Number.isInteger(settings.versions) && settings.versions >= 2, 'versions', 'an integer of at least 2');
  require(Number.isInteger(settings.radius) && settings.radius >= 1 && settings.radius <= 255, 'radius', 'in 1..255');
  require(Number.isInteger(settings.steps) && settings.steps >= 1, 'steps', 'an integer of at least 1');
  require(settings.learningRate > 0, 'learningRate', 'above 0');
  require(settings.lambdaFeatureL2 >= 0, 'lambdaFeatureL2', 'at least 0');
  require(settings.lambdaImageL2 >= 0, 'lambdaImageL2', 'at least 0');
}
