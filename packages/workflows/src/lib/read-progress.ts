import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter, WorkflowNotFoundError, type Payload } from '@temporalio/common';
import {
  progressQuery,
  type ExperimentProgress,
  type Heartbeat,
  type RunningProgress,
  type StepProgress,
} from './progress.ts';

type Description = Awaited<ReturnType<WorkflowHandle['describe']>>;
type PendingActivity = NonNullable<Description['raw']['pendingActivities']>[number];

/** `PENDING_ACTIVITY_STATE_SCHEDULED`: no worker has it (yet, or since it failed). */
const SCHEDULED = 1;

/**
 * Progress of a workflow with, for each running step, how far it has come: the workflow knows its steps, the
 * heartbeats of their activities know the rest. Needs a worker on the workflow's queue to answer the query.
 *
 * The running steps of its children follow its own, under the names `<label of the child>: <step>`.
 *
 * @throws what the client throws: no such workflow, no worker, no server
 */
export async function readProgress(
  handle: Pick<WorkflowHandle, 'query' | 'describe' | 'client'>,
): Promise<ExperimentProgress> {
  const [progress, { raw }] = await Promise.all([handle.query(progressQuery), handle.describe()]);
  const activities = raw.pendingActivities ?? [];
  const stages = progress.stages.map((step) => withActivities(step, activities));
  const ofChildren = (progress.children ?? []).map(async ({ workflowId, label }) => {
    const child = await readProgress(handle.client.getHandle(workflowId)).catch(nothingYet);
    const begun = child.stages.filter(({ state, attempt }) => state === 'running' || attempt !== undefined);
    return begun.map((step) => ({ ...step, name: `${label}: ${step.name}` }));
  });
  return { ...progress, stages: [...stages, ...(await Promise.all(ofChildren)).flat()] };
}

/** What a child tells that does not run yet. */
function nothingYet(error: unknown): Pick<ExperimentProgress, 'stages'> {
  if (error instanceof WorkflowNotFoundError) return { stages: [] };
  throw error;
}

function withActivities(step: StepProgress, pending: readonly PendingActivity[]): StepProgress {
  if (step.state !== 'running') return step;
  const isOfStep = ({ activityId }: PendingActivity): boolean =>
    activityId === step.name || (step.parts !== undefined && partOf(step.name, activityId));
  const activities = pending.filter(isOfStep);
  if (activities.length === 0) return step;
  const running = activities.filter(({ state }) => state !== SCHEDULED);
  const heartbeats = running
    .flatMap(({ heartbeatDetails }) => heartbeatDetails?.payloads?.slice(0, 1) ?? [])
    .flatMap((payload: Payload) => defaultPayloadConverter.fromPayload<Heartbeat | undefined>(payload) ?? []);
  const progress = sum(heartbeats.flatMap(({ progress }) => progress ?? []));
  const silent = heartbeats.map(({ secondsSinceProgress }) => secondsSinceProgress);
  const attempt = Math.max(...activities.map(({ attempt }) => attempt ?? 0));
  const failure = activities.find(({ lastFailure }) => lastFailure?.message)?.lastFailure?.message;
  return {
    ...step,
    state: running.length === 0 ? 'waiting' : 'running',
    ...(progress && { progress }),
    ...(silent.length > 0 && { secondsSinceProgress: Math.max(...silent) }),
    ...(attempt > 0 && { attempt }),
    ...(failure && { lastFailure: failure }),
  };
}

/** Whether an activity is one of the parts of a step: `mark-images-12`. */
function partOf(name: string, activityId: string | null | undefined): boolean {
  return activityId?.startsWith(`${name}-`) === true && /^\d+$/.test(activityId.slice(name.length + 1));
}

/** Progress of all parts that run: of one that runs alone it is told whole. */
function sum(all: readonly RunningProgress[]): RunningProgress | undefined {
  const [first] = all;
  if (first === undefined || all.length === 1) return first;
  const total = (of: (progress: RunningProgress) => number): number => all.map(of).reduce((a, b) => a + b, 0);
  return {
    done: total(({ done }) => done),
    total: total(({ total }) => total),
    unit: first.unit,
    ratePerSecond: total(({ ratePerSecond }) => ratePerSecond),
  };
}
