/**
 * From evidence to the verdict, without TensorFlow: `judge` is the stage, `judgeEvidence` the function in it. `calibrate`
 * and `calibrateTests` tell whether the p-values are true.
 */
export type { AnswerKind } from './lib/answer.ts';
export { anytimeDecoyTest, drawsUntilSure, neededLog10E, type StoppingRule } from './lib/anytime-decoy-test.ts';
export { calibrate } from './lib/calibrate.ts';
export { calibrateTests, type NamedEvidence } from './lib/calibration.ts';
export { type DecidingTest, decidingTests } from './lib/deciding-tests.ts';
export { decoyScores, drawsOf, scoreVersion } from './lib/decoy-score.ts';
export type { AskEndpointInput } from './lib/endpoint/ask-endpoint.ts';
export type { EndpointIdentity } from './lib/endpoint/endpoint.ts';
export { InvalidEvidenceError } from './lib/errors.ts';
export { judge, judgeEvidence } from './lib/judge.ts';
export type { AnsweredSuspect, AnswersFacts, ReadFacts, RunFacts } from './lib/kept-answers.ts';
export { markedDirection } from './lib/marked-direction.ts';
export { countDraws, firstDraws, markedImages } from './lib/marked-images.ts';
export type { AskOnnxInput, OnnxIdentity } from './lib/onnx/ask-onnx.ts';
export { parseEvidence } from './lib/parse-evidence.ts';
export type { ReadAnswersInput } from './lib/read-answers.ts';
export { reachesLevel } from './lib/reaches-level.ts';
export { recordedCosines } from './lib/recorded-cosines.ts';
export type * from './lib/types.ts';
export { expectedViews, views } from './lib/views.ts';
