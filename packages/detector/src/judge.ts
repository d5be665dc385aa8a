/**
 * From evidence to the verdict, without TensorFlow: `judge` is the stage, `judgeEvidence` the function in it. `calibrate`
 * and `calibrateTests` tell whether the p-values are true.
 */
export { calibrate } from './lib/calibrate.ts';
export { calibrateTests, type NamedEvidence } from './lib/calibration.ts';
export { decoyScores, referenceLossWeight } from './lib/decoy-score.ts';
export { InvalidEvidenceError } from './lib/errors.ts';
export { judge, judgeEvidence } from './lib/judge.ts';
export { parseEvidence } from './lib/parse-evidence.ts';
export type * from './lib/types.ts';
