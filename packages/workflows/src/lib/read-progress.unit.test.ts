import { defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import type { ExperimentProgress, Heartbeat, RunningProgress } from './progress.ts';
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

const beat = (heartbeat: Heartbeat) => ({ payloads: [defaultPayloadConverter.toPayload(heartbeat)] });

/** A workflow whose pending activities are these. */
function workflow(pendingActivities: object[]): Parameters<typeof readProgress>[0] {
  return { query: async () => progress, describe: async () => ({ raw: { pendingActivities } }) } as never;
}

test('adds to a running step what its activity last told', async () => {
  const heartbeatDetails = beat({ progress: running, secondsSinceProgress: 0.2 });
  const { stages } = await readProgress(
    workflow([{ activityId: 'train-suspect', state: 2, attempt: 1, heartbeatDetails }]),
  );
  expect(stages[1]).toEqual({ ...progress.stages[1], attempt: 1, progress: running, secondsSinceProgress: 0.2 });
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

test('a stage that has told no progress yet is known to be silent', async () => {
  const heartbeatDetails = beat({ secondsSinceProgress: 720 });
  const { stages } = await readProgress(
    workflow([{ activityId: 'train-suspect', state: 2, attempt: 1, heartbeatDetails }]),
  );
  expect(stages[1]).toEqual({ ...progress.stages[1], attempt: 1, secondsSinceProgress: 720 });
});

test('of a step in parts the progress is added up, and the part that stands still shows', async () => {
  const step = { name: 'mark-images', stage: 'markImages', state: 'running', parts: { done: 0, total: 3 } } as const;
  const pendingActivities = [1, 2, 3].map((part) => ({
    activityId: `mark-images-${part}`,
    state: 2,
    attempt: 1,
    heartbeatDetails: beat({ ...(part < 3 && { progress: running }), secondsSinceProgress: part === 2 ? 400 : 1 }),
  }));
  const { stages } = await readProgress({
    query: async () => ({ paused: false, stages: [step] }),
    describe: async () => ({ raw: { pendingActivities } }),
  } as never);
  expect(stages[0]).toMatchObject({
    progress: { done: 6, total: 20, unit: 'steps', ratePerSecond: 4 },
    secondsSinceProgress: 400,
  });
});

test('the running steps of children follow, under the label of the child; one that does not run yet has none', async () => {
  const children = [
    { workflowId: 'study-1', label: 'run 1' },
    { workflowId: 'study-2', label: 'run 2' },
  ];
  const study: ExperimentProgress = {
    paused: false,
    stages: [{ name: 'experiments', stage: 'experiment', state: 'running' }],
    children,
  };
  const handleOf = (id: string): unknown => {
    if (id === 'study-2') throw new WorkflowNotFoundError('not yet', id, undefined);
    return workflow([
      { activityId: 'train-suspect', state: 2, attempt: 1 },
      { activityId: 'train-control', state: 1, attempt: 2 },
    ]);
  };
  const client = {
    getHandle: (id: string) => ({
      query: async () => (handleOf(id) as ReturnType<typeof workflow>).query('progress'),
      describe: async () => (handleOf(id) as ReturnType<typeof workflow>).describe(),
    }),
  };
  const handle = { query: async () => study, describe: async () => ({ raw: {} }), client };
  const { stages } = await readProgress(handle as never);
  expect(stages.map(({ name, state }) => `${name}, ${state}`)).toEqual([
    'experiments, running',
    'run 1: train-suspect, running',
    'run 1: train-control, waiting',
  ]);
});
