/** What can be done with suspects that are no networks of ours, and what they must be asked. Loads no TensorFlow. */
export { finiteLosses, finiteLossesByDraw } from './lib/answer-loss.ts';
export { readAnswersTable } from './lib/answers-table.ts';
export { identityOf, readEndpoint } from './lib/endpoint/endpoint.ts';
export { OnnxError } from './lib/errors.ts';
export { grouped } from './lib/grouped.ts';
export { OnnxNetwork } from './lib/onnx/onnx-network.ts';
export { queriesOf, viewQueriesOf } from './lib/queries.ts';
export { readCommitted } from './lib/verify-committed.ts';
export { meansOfViews } from './lib/views.ts';
export { type WrittenQueries, writeQueries } from './lib/write-queries.ts';
