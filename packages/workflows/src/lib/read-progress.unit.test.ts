import { defaultPayloadConverter } from '@temporalio/common';
import type { ExperimentProgress, RunningProgress } from './progress.ts';
import { readProgress } from './read-progress.ts';

const progress: ExperimentProgress = {
  paused: false,
  stages: [
    { name: 'ingest-train', stage: 'ingest', state: 'done' },
    { name: 'train-suspect', stage: 'trainNetwork', state: 'running' },
    { name: 'train-control', stage: 'trainNetwork', state: 'running' },
    { name: 'write-report', stage: 'writeReport', state: 'waiting' },
  ],
};
const running: RunningProgress = { done: 3, total: 10, unit: 'steps', ratePerSecond: 2, secondsLeft: 3.5 };

/** A workflow whose pending activities are these. */
function workflow(pendingActivities: object[]): Parameters<typeof readProgress>[0] {
  return { query: async () => progress, describe: async () => ({ raw: { pendingActivities } }) } as never;
}

test('adds to a running step what its activity last told', async () => {
  const heartbeatDetails = { payloads: [defaultPayloadConverter.toPayload(running)] };
  const { stages } = await readProgress(
    workflow([{ activityId: 'train-suspect', state: 2, attempt: 1, heartbeatDetails }]),
  );
  expect(stages[1]).toEqual({ ...progress.stages[1], attempt: 1, progress: running });
  expect(stages[0]).toEqual(progress.stages[0]);
});

test('a step that no worker has is waiting, with the reason if it failed before', async () => {
  const lastFailure = { message: 'trainNetwork: the compute process was killed by SIGKILL' };
  const { stages } = await readProgress(
    workflow([
      { activityId: 'train-suspect', state: 1, attempt: 2, lastFailure },
      { activityId: 'train-control', state: 1, attempt: 1 },
    ]),
  );
  expect(stages[1]).toEqual({
    ...progress.stages[1],
    state: 'waiting',
    attempt: 2,
    lastFailure: 'trainNetwork: the compute process was killed by SIGKILL',
  });
  expect(stages[2]).toMatchObject({ state: 'waiting', attempt: 1 });
});

test('a heartbeat without details is no progress', async () => {
  const heartbeatDetails = { payloads: [defaultPayloadConverter.toPayload(undefined)] };
  const { stages } = await readProgress(
    workflow([{ activityId: 'train-suspect', state: 2, attempt: 1, heartbeatDetails }]),
  );
  expect(stages[1]?.progress).toBeUndefined();
});
