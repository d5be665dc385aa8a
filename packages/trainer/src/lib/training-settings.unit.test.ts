import { describe, expect, it } from '@jest/globals';

import { settings } from '../../test/settings.ts';
import { TrainingSettingsError } from './errors.ts';
import { checkTrainingSettings } from './training-settings.ts';
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
});
