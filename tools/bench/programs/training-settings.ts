import type { TrainingSettings } from '@radiotracer/trainer';

/** One epoch by the settings of an experiment; without checkpoints before its end. */
export function trainingSettings(seed: number): TrainingSettings {
  return {
    epochs: 1,
    batchSize: 128,
    learningRate: 0.05,
    momentum: 0.9,
    weightDecay: 5e-4,
    schedule: { name: 'cosine' },
    warmupEpochs: 0,
    cropPadding: 4,
    horizontalFlip: true,
    checkpointEvery: 1_000_000,
    seed,
  };
}
