/**
 * The Temporal worker: workflows, activities, and the child process in which each stage computes.
 *
 *     const server = await startDevServer({ ui: true });
 *     const worker = await runWorker({ address: server.address });
 */
export { createActivities } from './lib/activities.ts';
export { startDevServer, type DevServer, type DevServerOptions } from './lib/dev-server.ts';
export { ChildDiedError, DevServerError, OutOfMemoryError, StageFailedError, StageVersionError } from './lib/errors.ts';
export type { StageJob } from './lib/protocol.ts';
export { RateMeter } from './lib/rate-meter.ts';
export { runStageInChild, type RunStageInChildOptions } from './lib/run-stage-in-child.ts';
export type { StageRegistry } from './lib/stages.ts';
export { runWorker, type RunningWorker, type WorkerOptions } from './lib/worker.ts';
