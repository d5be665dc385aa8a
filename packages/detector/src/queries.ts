/** What a suspect that is not at hand must be asked, as files for whoever asks it. Loads no TensorFlow. */
export { identityOf, readEndpoint } from './lib/endpoint/endpoint.ts';
export { queryId } from './lib/query-id.ts';
export { readCommitted } from './lib/verify-committed.ts';
export { type WrittenQueries, writeQueries } from './lib/write-queries.ts';
