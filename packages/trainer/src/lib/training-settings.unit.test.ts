import { describe, expect, it } from '@jest/globals';

import { settings } from '../../test/settings.ts';
import { TrainingSettingsError } from './errors.ts';
import { checkPrivacy, checkTrainingSettings } from './training-settings.ts';
import type { TrainingSettings } from './types.ts';

function problemOf(change: Partial<Record<keyof TrainingSettings, unknown>>): unknown {
  try {
    checkTrainingSettings(settings(change as Partial<TrainingSettings>));
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('checkTrainingSettings', () => {
  it('accepts usual settings, and every bound', () => {
    expect(problemOf({})).toBeUndefined();
    const counts = { epochs: 1, batchSize: 1, checkpointEvery: 1, cropPadding: 0, seed: 0 };
    expect(
      problemOf({ ...counts, momentum: 0, weightDecay: 0, warmupEpochs: 0, horizontalFlip: false }),
    ).toBeUndefined();
    expect(problemOf({ labelSmoothing: 0, mixup: 1, cutmix: 1, augmentations: [] })).toBeUndefined();
    const augmentations = [
      { name: 'jpeg', quality: 1 },
      { name: 'jpeg', quality: 100 },
      { name: 'blur', sigma: 0.1 },
      { name: 'resize', factor: 0.9 },
      { name: 'grey' },
      { name: 'randAugment', operations: 1, magnitude: 0 },
      { name: 'randAugment', operations: 14, magnitude: 30 },
    ];
    expect(problemOf({ augmentations })).toBeUndefined();
    expect(problemOf({ schedule: { name: 'step', every: 1, factor: 0.1 }, warmupEpochs: 0.5 })).toBeUndefined();
  });

  it.each<[keyof TrainingSettings, unknown, string]>([
    ['epochs', 0, 'an integer of at least 1'],
    ['epochs', 2.5, 'an integer of at least 1'],
    ['batchSize', 0, 'an integer of at least 1'],
    ['batchSize', NaN, 'an integer of at least 1'],
    ['learningRate', 0, 'finite and above 0'],
    ['learningRate', Infinity, 'finite and above 0'],
    ['learningRate', '0.1', 'finite and above 0'],
    ['momentum', -0.1, 'in [0, 1)'],
    ['momentum', 1, 'in [0, 1)'],
    ['weightDecay', -1e-4, 'finite and at least 0'],
    ['weightDecay', undefined, 'finite and at least 0'],
    ['warmupEpochs', -1, 'finite and at least 0'],
    ['warmupEpochs', NaN, 'finite and at least 0'],
    ['cropPadding', -1, 'an integer of at least 0'],
    ['cropPadding', 0.5, 'an integer of at least 0'],
    ['horizontalFlip', 'no', 'true or false'],
    ['checkpointEvery', 0, 'an integer of at least 1'],
    ['seed', 0.5, 'an integer of at least 0'],
    ['seed', -1, 'an integer of at least 0'],
    ['labelSmoothing', 1, 'in [0, 1)'],
    ['labelSmoothing', -0.1, 'in [0, 1)'],
    ['mixup', 0, 'in (0, 1]'],
    ['mixup', 1.5, 'in (0, 1]'],
    ['cutmix', NaN, 'in (0, 1]'],
  ])('refuses training.%s = %p, permanently, and says what it must be', (field, value, valid) => {
    const error = problemOf({ [field]: value });
    expect(error).toBeInstanceOf(TrainingSettingsError);
    expect(error).toMatchObject({
      name: 'TrainingSettingsError',
      retryable: false,
      message: `trainer: training.${field} is ${String(value)}; it must be ${valid}`,
    });
  });

  it.each([
    [{ name: 'linear' }, 'schedule.name is linear; it must be cosine or step'],
    [{ name: 'step', every: 0, factor: 0.1 }, 'schedule.every is 0; it must be an integer of at least 1'],
    [{ name: 'step', every: 2, factor: 1 }, 'schedule.factor is 1; it must be between 0 and 1'],
    [{ name: 'step', every: 2, factor: NaN }, 'schedule.factor is NaN; it must be between 0 and 1'],
  ])('refuses the schedule %p, and says what it must be', (schedule, problem) => {
    expect(problemOf({ schedule })).toMatchObject({ message: `trainer: training.${problem}` });
  });

  it.each([
    [{ name: 'jpeg', quality: 0 }, 'quality is 0; it must be an integer in 1..100'],
    [{ name: 'jpeg' }, 'quality is undefined; it must be an integer in 1..100'],
    [{ name: 'blur', sigma: 0 }, 'sigma is 0; it must be finite and above 0'],
    [{ name: 'resize', factor: 1 }, 'factor is 1; it must be between 0 and 1'],
    [{ name: 'randAugment', operations: 15, magnitude: 1 }, 'operations is 15; it must be an integer in 1..14'],
    [{ name: 'randAugment', operations: 1, magnitude: 31 }, 'magnitude is 31; it must be an integer in 0..30'],
    [{ name: 'sepia' }, 'name is sepia; it must be jpeg, blur, resize, grey, randAugment'],
  ])('refuses the augmentation %p, and says which it is', (augmentation, problem) => {
    expect(problemOf({ augmentations: [{ name: 'grey' }, augmentation] })).toMatchObject({
      message: `trainer: training.augmentations[1].${problem}`,
    });
  });
});

describe('checkPrivacy', () => {
  const privacy = { noiseMultiplier: 1, maxGradNorm: 1, epochs: 1, batchSize: 60, learningRate: 0.1 };

  it('accepts a batch of all images', () => {
    expect(() => checkPrivacy(privacy, 60)).not.toThrow();
  });

  it.each([
    ['noiseMultiplier', 0, 'finite and above 0'],
    ['maxGradNorm', Infinity, 'finite and above 0'],
    ['learningRate', NaN, 'finite and above 0'],
    ['epochs', 0.5, 'an integer of at least 1'],
    ['batchSize', 0, 'an integer from 1 to 60, the images of the corpus'],
    ['batchSize', 61, 'an integer from 1 to 60, the images of the corpus'],
  ])('refuses %s = %p', (field, value, valid) => {
    const check = () => checkPrivacy({ ...privacy, [field]: value }, 60);
    expect(check).toThrow(new TrainingSettingsError(`privacy.${field} is ${value}; it must be ${valid}`));
  });
});
