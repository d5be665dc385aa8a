import type { GenerateInput } from '@radiotracer/corpus';
import type { SettingsInput } from './settings.ts';

/** The corpus that `radiotracer demo` makes. */
export const demoCorpus: GenerateInput = { classes: 10, trainImages: 5000, testImages: 1000, size: 32, seed: 1 };

/** What the demo does otherwise than an experiment, so that it takes minutes on two cores. */
export const demoSettings: SettingsInput = {
  training: { epochs: 20, checkpointEvery: 20 },
  markingNetwork: { epochs: 12 },
};
