/**
 * Training with exact resume, and evaluation.
 *
 * `trainNetwork` is the stage; `openNetwork` opens what it left; `predict` and `evaluate` look at images with it.
 */
export type { EpochLog } from './lib/epoch-log.ts';
export { DivergenceError, TrainingSettingsError } from './lib/errors.ts';
export { evaluate, predict, type Predictions } from './lib/evaluate.ts';
export { type NetworkDescription, openNetwork, writeNetwork } from './lib/network-files.ts';
export { trainNetwork } from './lib/train-network.ts';
export type * from './lib/types.ts';
