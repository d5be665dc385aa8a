import type { GenerateInput } from '@radiotracer/corpus';
import type { SettingsInput } from './settings.ts';

/** The corpus that `radiotracer demo` makes. */
export const demoCorpus: GenerateInput = { classes: 10, trainImages: 10_000, testImages: 1000, size: 32, seed: 1 };

/**
 * What the demo does otherwise than an experiment, so that 100 marked images suffice within minutes on two cores: a
 * narrower network, which is faster and so can see the images more often, and marks of twice the radius
 * (docs/results/demo.md has what they come to).
 */
export const demoSettings: SettingsInput = {
  architecture: { width: 32 },
  training: { epochs: 25, learningRate: 0.05, checkpointEvery: 50 },
  markingNetwork: { epochs: 10 },
  marking: { radius: 16 },
};
