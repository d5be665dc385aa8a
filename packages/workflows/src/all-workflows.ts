/** What the worker bundles for Temporal's sandbox: the workflow functions and nothing else. */
export { detect } from './lib/detect.ts';
export { experiment } from './lib/experiment.ts';
export { mark } from './lib/mark.ts';
export { sweep } from './lib/sweep.ts';
export { train } from './lib/train.ts';
