/**
 * Was a model trained on the published images? `extractEvidence` asks the model, with TensorFlow and the key; what judges
 * the answers needs neither, and is by itself in `@radiotracer/detector/judge`.
 */
export * from './judge.ts';
export { askEndpoint } from './lib/endpoint/ask-endpoint.ts';
export { UnfitSuspectError } from './lib/errors.ts';
export { extractEvidence } from './lib/extract-evidence.ts';
export { fitReferences } from './lib/fit-references.ts';
export { askOnnx } from './lib/onnx/ask-onnx.ts';
export { readAnswers } from './lib/read-answers.ts';
