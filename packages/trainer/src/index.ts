/**
 * Training with exact resume, and evaluation.
 *
 * `trainNetwork`, `trainLastLayer` and `importNetwork` are the stages; `openNetwork` opens what they left; `predict`,
 * `extractFeatures` and `evaluate` look at images with it, `KeptPredictions` so that a crash costs little of it.
 */
export type { EpochLog } from './lib/epoch-log.ts';
export { DivergenceError, TrainingSettingsError } from './lib/errors.ts';
export { evaluate, extractFeatures, predict, type Predictions } from './lib/evaluate.ts';
export { importNetwork } from './lib/import-network.ts';
export { KeptPredictions } from './lib/kept-predictions.ts';
export { type NetworkDescription, openNetwork, writeNetwork } from './lib/network-files.ts';
export { softmaxRegression } from './lib/softmax-regression.ts';
export { trainLastLayer } from './lib/train-last-layer.ts';
export { trainNetwork } from './lib/train-network.ts';
export { checkTrainingSettings } from './lib/training-settings.ts';
export type * from './lib/types.ts';
