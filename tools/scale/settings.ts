import type { ExperimentInput } from '@radiotracer/workflows';

type Training = ExperimentInput['training']['suspect'];

/** The command's defaults, but for the epochs of torchvision's recipe for ImageNet. */
export const trainingSettings: Omit<Training, 'seed'> = {
  epochs: 90,
  batchSize: 256,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 1e-4,
  schedule: { name: 'cosine' },
  warmupEpochs: 1,
  cropPadding: 4,
  horizontalFlip: true,
  checkpointEvery: 100,
};

/** The command's defaults. */
export const markingSettings: ExperimentInput['marking'] = {
  markedFraction: 0.01,
  selection: 'hardest',
  versions: 10,
  carrierUnit: 'image',
  radius: 8,
  lambdaFeatureL2: 0.01,
  lambdaImageL2: 5e-4,
  optimizer: 'adam',
  learningRate: 1,
  steps: 60,
  cropPadding: 4,
  horizontalFlip: true,
  seed: 1,
};
