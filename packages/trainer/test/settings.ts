import type { Architecture, TrainingSettings } from '../src/index.ts';

/** The smallest network that the tests train. */
export const tinyNetwork: Architecture = { name: 'resnet18', stem: 'small', width: 4 };

const base: TrainingSettings = {
  epochs: 2,
  batchSize: 32,
  learningRate: 0.05,
  momentum: 0.9,
  weightDecay: 5e-4,
  schedule: { name: 'cosine' },
  warmupEpochs: 0.5,
  cropPadding: 2,
  horizontalFlip: true,
  checkpointEvery: 3,
  seed: 1,
};

/** Settings of a short training, with what a test changes. */
export function settings(changes: Partial<TrainingSettings> = {}): TrainingSettings {
  return { ...base, ...changes };
}
