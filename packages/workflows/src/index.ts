/**
 * The Temporal workflows `mark`, `train`, `detect`, `experiment` and `sweep`.
 *
 * A workflow orders stages and waits for them; an activity runs each stage, and only references travel. What is
 * exported here serves clients as well as the sandbox. The worker serves `@radiotracer/workflows/all-workflows`, which is
 * a bundle once it is built.
 *
 *     const handle = await client.workflow.start(experiment, { taskQueue, workflowId, args: [input] });
 *     const { paused, stages } = await readProgress(handle);
 *     await handle.signal(pauseSignal);
 *     const { models } = await handle.result();
 */
export * from './all-workflows.ts';
export type {
  Activities,
  StageArtifact,
  StageInput,
  StageName,
  StageRequest,
  StageTypes,
  Where,
} from './lib/activities.ts';
export type * from './lib/inputs.ts';
export { pauseSignal, progressQuery, resumeSignal, standstillSeconds } from './lib/progress.ts';
export type { ExperimentProgress, Heartbeat, RunningProgress, StepProgress } from './lib/progress.ts';
export { readProgress } from './lib/read-progress.ts';
export { stageVersions } from './lib/stage-versions.ts';
export { defaultTaskQueue } from './lib/task-queue.ts';
export { workerStopped } from './lib/worker-stopped.ts';
