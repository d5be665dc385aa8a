import type { ExperimentInput, SweepInput } from '@radiotracer/workflows';

const training = {
  epochs: 2,
  batchSize: 32,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 5e-4,
  schedule: { name: 'cosine' },
  warmupEpochs: 0,
  cropPadding: 0,
  horizontalFlip: true,
  checkpointEvery: 100,
  seed: 1,
} as const;

/** Settings of a small experiment on a generated corpus; the three trainings differ, so that none stands for another. */
export function experimentInput(store: string, locations: ExperimentInput['locations'] = {}): ExperimentInput {
  return {
    store,
    locations,
    corpus: { generate: { classes: 10, trainImages: 100, testImages: 50, size: 32, seed: 1 } },
    keyId: 'a'.repeat(64),
    architecture: { name: 'resnet18', stem: 'small', width: 8 },
    marking: {
      markedFraction: 0.1,
      selection: 'random',
      versions: 4,
      carrierUnit: 'class',
      radius: 10,
      lambdaFeatureL2: 0.01,
      lambdaImageL2: 0.0005,
      optimizer: 'sgd',
      learningRate: 1,
      steps: 10,
      cropPadding: 4,
      horizontalFlip: true,
      seed: 1,
    },
    layers: 'all',
    training: {
      marking: { ...training, seed: 1 },
      suspect: { ...training, seed: 2 },
      controls: [{ ...training, seed: 3 }],
    },
    log10Level: -4,
    title: 'A small experiment',
  };
}

/** A study of two fractions and two runs. */
export function sweepInput(store: string): SweepInput {
  const { corpus, architecture, marking, layers, training, log10Level } = experimentInput(store);
  return {
    store,
    locations: { keys: '/safe/study.keys' },
    title: 'A small study',
    corpus,
    concurrency: 1,
    cells: [0.1, 0.05].map((markedFraction) => ({
      varied: { 'marking.markedFraction': markedFraction },
      name: `markedFraction ${markedFraction}`,
      experiment: { architecture, layers, training, log10Level, marking: { ...marking, markedFraction } },
    })),
    runs: ['a', 'b'].map((digit, i) => ({ keyId: digit.repeat(64), seed: 40 + i })),
  };
}
