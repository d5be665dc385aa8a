import { Context, type Info } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  standstillSeconds as defaultStandstillSeconds,
  workerStopped,
  type Activities,
  type Heartbeat,
  type RunningProgress,
  type StageArtifact,
  type StageName,
  type StageRequest,
} from '@radiotracer/workflows';
import { RateMeter } from './rate-meter.ts';
import { runStageInChild } from './run-stage-in-child.ts';
import { stages } from './stages.ts';

const HEARTBEAT_MS = 1_000;

export interface ActivitiesOptions {
  /** URL of another module that exports `stages`, see `StageRegistry`. */
  readonly stagesModule?: string;
  /** For stores in a bucket: a folder of this machine for what stages fetch and make, see `openStore`. */
  readonly cache?: string;
  /** From so long without progress of a stage on, the log says so, once. @default 5 minutes */
  readonly standstillSeconds?: number;
}

/** One activity for each stage. Each runs its stage in a child process, and beats with the stage's progress. */
export function createActivities(options: ActivitiesOptions = {}): Activities {
  const activity =
    <Name extends StageName>(stage: Name) =>
    (request: StageRequest<Name>): Promise<StageArtifact<Name>> =>
      runInActivity(stage, request, options);
  return Object.fromEntries(Object.keys(stages).map((name) => [name, activity(name as StageName)])) as Activities;
}

async function runInActivity<Name extends StageName>(
  stage: Name,
  request: StageRequest<Name>,
  { standstillSeconds = defaultStandstillSeconds, ...options }: ActivitiesOptions,
): Promise<StageArtifact<Name>> {
  const context = Context.current();
  const meter = new RateMeter();
  let progress: RunningProgress | undefined;
  let lastMs = performance.now();
  let isStandstillSaid = false;
  // Beats also while the stage has nothing to tell: that the worker lives is what a heartbeat says.
  const beating = setInterval(() => {
    const secondsSinceProgress = (performance.now() - lastMs) / 1000;
    context.heartbeat({ ...(progress && { progress }), secondsSinceProgress } satisfies Heartbeat);
    if (isStandstillSaid || secondsSinceProgress < standstillSeconds) return;
    isStandstillSaid = true;
    context.log.warn(standstill(context.info, secondsSinceProgress));
  }, HEARTBEAT_MS);
  try {
    return await runStageInChild(
      { stage, ...request },
      {
        report: (made) => {
          progress = meter.measure(made);
          lastMs = performance.now();
          isStandstillSaid = false;
        },
        signal: context.cancellationSignal,
        logName: logName(context.info),
        ...options,
      },
    );
  } catch (error) {
    throw asFailure(error as Error);
  } finally {
    clearInterval(beating);
  }
}

function standstill({ activityId }: Info, seconds: number): string {
  return (
    `${activityId}: no progress for ${Math.round(seconds)} s; it may be checking a large input, or wait for a disk that ` +
    'does not answer: then pause the run, and resume it once the disk does'
  );
}

/** Named after the step, so that all its attempts are in one file. */
function logName({ workflowExecution, activityId }: Info): string {
  return `${encodeURIComponent(workflowExecution?.workflowId ?? '')}-${activityId}.log`;
}

/** What Temporal should make of an error: retry it unless it says that this is of no use. */
function asFailure(error: Error & { retryable?: boolean }): Error {
  if (error instanceof CancelledFailure) {
    const isWorkerStopping = error.message === 'WORKER_SHUTDOWN';
    return isWorkerStopping ? ApplicationFailure.nonRetryable('the worker was stopped', workerStopped) : error;
  }
  return ApplicationFailure.create({
    message: error.message,
    type: error.name,
    nonRetryable: error.retryable === false,
  });
}
