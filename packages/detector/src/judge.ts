/**
 * From evidence to the verdict, without TensorFlow: `judge` is the stage, `judgeEvidence` the function in it.
 */
export { decoyScores, referenceLossWeight } from './lib/decoy-score.ts';
export { InvalidEvidenceError } from './lib/errors.ts';
export { judge, judgeEvidence } from './lib/judge.ts';
export { parseEvidence } from './lib/parse-evidence.ts';
export type * from './lib/types.ts';
