import type { ImageShards } from '@radiotracer/corpus';

import { augmentationProblem } from './augmentation-settings.ts';
import { TrainingSettingsError } from './errors.ts';
import { blurReach } from './gaussian-blur.ts';
import type { PrivacySettings, TrainingSettings, TrainNetworkInput } from './types.ts';

function requirementsOf(part: string) {
  return (holds: boolean, field: string, value: unknown, valid: string): void => {
    if (!holds) throw new TrainingSettingsError(`${part}.${field} is ${String(value)}; it must be ${valid}`);
  };
}

/** @throws TrainingSettingsError naming the first field that is out of range, its value, and what would be valid */
export function checkTrainingSettings(settings: TrainingSettings): void {
  const require = requirementsOf('training');
  const requireInteger = (field: keyof TrainingSettings, least: number) => {
    const value = settings[field] as number;
    require(Number.isSafeInteger(value) && value >= least, field, value, `an integer of at least ${least}`);
  };
  /** Also false of NaN and of what is no number. */
  const isFinite = (value: unknown): value is number => Number.isFinite(value);
  const { learningRate, momentum, weightDecay, schedule, warmupEpochs, horizontalFlip } = settings;
  requireInteger('epochs', 1);
  requireInteger('batchSize', 1);
  require(isFinite(learningRate) && learningRate > 0, 'learningRate', learningRate, 'finite and above 0');
  require(isFinite(momentum) && momentum >= 0 && momentum < 1, 'momentum', momentum, 'in [0, 1)');
  require(isFinite(weightDecay) && weightDecay >= 0, 'weightDecay', weightDecay, 'finite and at least 0');
  require(['cosine', 'step'].includes(schedule.name), 'schedule.name', schedule.name, 'cosine or step');
  if (schedule.name === 'step') {
    const { every, factor } = schedule;
    require(Number.isSafeInteger(every) && every >= 1, 'schedule.every', every, 'an integer of at least 1');
    require(isFinite(factor) && factor > 0 && factor < 1, 'schedule.factor', factor, 'between 0 and 1');
  }
  require(isFinite(warmupEpochs) && warmupEpochs >= 0, 'warmupEpochs', warmupEpochs, 'finite and at least 0');
  requireInteger('cropPadding', 0);
  require(typeof horizontalFlip === 'boolean', 'horizontalFlip', horizontalFlip, 'true or false');
  requireInteger('checkpointEvery', 1);
  requireInteger('seed', 0);
  const { augmentations = [], labelSmoothing: smoothing = 0, mixup = 1, cutmix = 1 } = settings;
  require(isFinite(smoothing) && smoothing >= 0 && smoothing < 1, 'labelSmoothing', smoothing, 'in [0, 1)');
  require(isFinite(mixup) && mixup > 0 && mixup <= 1, 'mixup', mixup, 'in (0, 1]');
  require(isFinite(cutmix) && cutmix > 0 && cutmix <= 1, 'cutmix', cutmix, 'in (0, 1]');
  augmentations.forEach((augmentation, i) => {
    const problem = augmentationProblem(augmentation);
    if (problem) require(false, `augmentations[${i}].${problem.field}`, problem.value, problem.valid);
  });
}

/** @throws TrainingSettingsError naming the first field that is out of range, or does not fit so many images */
export function checkPrivacy(privacy: PrivacySettings, images: number): void {
  const require = requirementsOf('privacy');
  for (const field of ['noiseMultiplier', 'maxGradNorm', 'learningRate'] as const) {
    const value = privacy[field];
    require(Number.isFinite(value) && value > 0, field, value, 'finite and above 0');
  }
  const { epochs, batchSize } = privacy;
  require(Number.isSafeInteger(epochs) && epochs >= 1, 'epochs', epochs, 'an integer of at least 1');
  const fits = Number.isSafeInteger(batchSize) && batchSize >= 1 && batchSize <= images;
  require(fits, 'batchSize', batchSize, `an integer from 1 to ${images}, the images of the corpus`);
}

/** @throws TrainingSettingsError if the network to start from, or the teacher, is another than the training needs */
export function checkOtherNetworks({ train, architecture, start, distillation }: TrainNetworkInput): void {
  const shape = (of: TrainNetworkInput['architecture']): string => `${of.name} ${of.stem} ${of.width}`;
  if (start && shape(start.facts.architecture) !== shape(architecture)) {
    throw new TrainingSettingsError(
      `the network to start from is ${shape(start.facts.architecture)}; it must be ${shape(architecture)}, as what it becomes`,
    );
  }
  const { teacher, temperature } = distillation ?? {};
  if (distillation && !(Number.isFinite(temperature) && Number(temperature) > 0)) {
    throw new TrainingSettingsError(`distillation.temperature is ${temperature}; it must be finite and above 0`);
  }
  for (const [role, other] of [['network to start from', start] as const, ['teacher', teacher] as const]) {
    const [known, wanted] = [other?.facts.classNames, train.facts.classNames];
    if (known && JSON.stringify(known) !== JSON.stringify(wanted)) {
      throw new TrainingSettingsError(
        `the ${role} knows the classes ${known.join(', ')}; they must be those of the training split, ${wanted.join(', ')}`,
      );
    }
  }
}

/** @throws TrainingSettingsError if the settings do not fit the corpus, or its splits one another */
export function checkCorpus(settings: TrainingSettings, train: ImageShards, test: ImageShards): void {
  const { batchSize, cropPadding, augmentations = [] } = settings;
  if (train.count < batchSize) {
    throw new TrainingSettingsError(
      `training.batchSize is ${batchSize}, but the corpus has ${train.count} images; at most that many fit`,
    );
  }
  checkSplits(train, test);
  const shortest = Math.min(train.height, train.width);
  if (cropPadding >= shortest) {
    throw new TrainingSettingsError(
      `training.cropPadding is ${cropPadding}; it must be below ${shortest}, the images' shorter side, or crops are black`,
    );
  }
  augmentations.forEach((augmentation, i) => {
    if (augmentation.name !== 'blur' || blurReach(augmentation.sigma) < shortest) return;
    throw new TrainingSettingsError(
      `training.augmentations[${i}].sigma is ${augmentation.sigma}; it must be at most ${(shortest - 1) / 3}, ` +
        "a third of the images' shorter side, or their mirror images do not reach as far as the blur",
    );
  });
}

/** @throws TrainingSettingsError if the splits have other classes, or images of another size */
export function checkSplits(train: ImageShards, test: ImageShards): void {
  if (JSON.stringify(train.classNames) !== JSON.stringify(test.classNames)) {
    throw new TrainingSettingsError(
      `the training split has classes ${train.classNames.join(', ')}, the test split ${test.classNames.join(', ')}`,
    );
  }
  const size = ({ height, width }: ImageShards) => `${height} × ${width}`;
  if (size(train) !== size(test)) {
    throw new TrainingSettingsError(
      `the training split has images of ${size(train)} pixels, the test split of ${size(test)}`,
    );
  }
}
