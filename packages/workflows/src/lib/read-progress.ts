import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { progressQuery, type ExperimentProgress, type RunningProgress, type StepProgress } from './progress.ts';

type Description = Awaited<ReturnType<WorkflowHandle['describe']>>;
type PendingActivity = NonNullable<Description['raw']['pendingActivities']>[number];

/** `PENDING_ACTIVITY_STATE_SCHEDULED`: no worker has it (yet, or since it failed). */
const SCHEDULED = 1;

/**
 * Progress of a workflow with, for each running step, how far it has come: the workflow knows its steps, the
 * heartbeats of their activities know the rest. Needs a worker on the workflow's queue to answer the query.
 *
 * @throws what the client throws: no such workflow, no worker, no server
 */
export async function readProgress(handle: Pick<WorkflowHandle, 'query' | 'describe'>): Promise<ExperimentProgress> {
  const [progress, { raw }] = await Promise.all([handle.query(progressQuery), handle.describe()]);
  const activities = new Map(raw.pendingActivities?.map((activity) => [activity.activityId, activity]));
  return { ...progress, stages: progress.stages.map((step) => withActivity(step, activities.get(step.name))) };
}

function withActivity(step: StepProgress, activity: PendingActivity | undefined): StepProgress {
  if (step.state !== 'running' || !activity) return step;
  const heartbeat = activity.heartbeatDetails?.payloads?.[0];
  const isWaiting = activity.state === SCHEDULED;
  return {
    ...step,
    state: isWaiting ? 'waiting' : 'running',
    ...(heartbeat && !isWaiting && { progress: defaultPayloadConverter.fromPayload<RunningProgress>(heartbeat) }),
    ...(activity.attempt && { attempt: activity.attempt }),
    ...(activity.lastFailure?.message && { lastFailure: activity.lastFailure.message }),
  };
}
