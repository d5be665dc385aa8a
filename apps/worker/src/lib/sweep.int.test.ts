import { jest } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import {
  pauseSignal,
  progressQuery,
  readProgress,
  resumeSignal,
  sweep,
  type SweepInput,
  type SweepResult,
} from '@radiotracer/workflows';
import { sweepInput } from '../../test/inputs.ts';
import { mockActivities, untilCancelled, type Behaviour } from '../../test/mock-activities.ts';
import { newWorkflow, startMockedServer, type MockedServer } from '../../test/mocked-worker.ts';
import { eventually } from '../../test/probe.ts';

/* The `sweep` workflow on a real server, with the real `experiment` below it; their activities compute nothing. */
jest.setTimeout(180_000);
let server: MockedServer;
beforeAll(async () => {
  server = await startMockedServer();
});
afterAll(() => server?.stop());

const input = sweepInput('/store');
/** With results of 100 kB they make more than the 4 MiB of history at which a server suggests to cut it. */
const experimentsOfLongStudy = 60;

const withTwoControls: SweepInput = {
  ...input,
  cells: input.cells.map(({ experiment: { training, ...settings }, ...cell }) => {
    const controls = [...training.controls, ...training.controls];
    return { ...cell, experiment: { ...settings, training: { ...training, controls } } };
  }),
};
const run = (given: SweepInput = input): Promise<SweepResult> =>
  server.client.workflow.execute(sweep, { ...newWorkflow(), args: [given] });

test('runs every cell with the key and the seeds of each run, and puts all in one table', async () => {
  const { activities, requestsOf } = mockActivities();
  const { study, experiments } = await server.withWorker(activities, () => run(withTwoControls));
  const inputsOf = (step: string): unknown[] => requestsOf(step).map(({ input }) => input);
  const locationsOf = (step: string): unknown[] => requestsOf(step).map(({ locations }) => locations);

  expect(experiments.map(({ cell, run }) => [cell, run])).toEqual([
    ['markedFraction 0.1', 1],
    ['markedFraction 0.1', 2],
    ['markedFraction 0.05', 1],
    ['markedFraction 0.05', 2],
  ]);
  const keys = [1, 2, 1, 2].map((run) => ({ key: `/safe/study.keys/run-${run}.key` }));
  expect(locationsOf('mark-images')).toEqual(keys);
  const seeds = [40, 41, 40, 41];
  expect(inputsOf('mark-images')).toMatchObject(
    seeds.map((seed, i) => ({ keyId: 'ab'.charAt(i % 2).repeat(64), marking: { seed } })),
  );
  expect(inputsOf('train-suspect')).toMatchObject(seeds.map((seed) => ({ training: { seed } })));
  expect(inputsOf('train-control')).toMatchObject(seeds.map((seed) => ({ training: { seed } })));
  expect(inputsOf('train-control-2')).toMatchObject(seeds.map((seed) => ({ training: { seed: 1000 + seed } })));
  expect(inputsOf('train-marking-network')).toMatchObject(seeds.map(() => ({ training: { seed: 1 } })));
  expect(inputsOf('write-report')[2]).toMatchObject({ title: 'A small study: markedFraction 0.05, run 1' });

  expect(inputsOf('write-study')).toEqual([{ title: 'A small study', experiments }]);
  for (const { report } of experiments) expect(report).toMatchObject({ stage: 'writeReport' });
  expect(study.stage).toBe('writeStudy');
});

test('an experiment that fails is told with its line, and the others go on', async () => {
  const fail: Behaviour = async ({ input }) => {
    const { keyId, marking } = input as { keyId: string; marking: { markedFraction: number } };
    if (keyId.startsWith('b') && marking.markedFraction === 0.1)
      throw ApplicationFailure.nonRetryable('marker: no version differs from its image', 'MarkingError');
  };
  const { activities } = mockActivities({ 'mark-images': fail });
  const { experiments } = await server.withWorker(activities, () => run({ ...input, concurrency: 2 }));
  expect(experiments.map(({ failure, report }) => failure ?? report?.stage)).toEqual([
    'writeReport',
    'marker: no version differs from its image',
    'writeReport',
    'writeReport',
  ]);
});

test('a study of which every experiment fails has failed', async () => {
  const fail: Behaviour = async () => {
    throw ApplicationFailure.nonRetryable('corpus: there are no images', 'CorpusError');
  };
  const { activities, calls } = mockActivities({ 'generate-corpus': fail });
  await expect(server.withWorker(activities, () => run())).rejects.toMatchObject({
    cause: {
      message: 'every experiment of the study failed; markedFraction 0.1, run 1: corpus: there are no images',
    },
  });
  expect(calls.map(({ step }) => step)).not.toContain('write-study');
});

test('a pause reaches the experiments that run, nothing starts until a resume, and progress sums up', async () => {
  let isFirst = true;
  const slowAtFirst: Behaviour = async (request) => {
    if (isFirst) await untilCancelled(request).finally(() => (isFirst = false));
  };
  const { activities, requestsOf } = mockActivities({ 'train-suspect': slowAtFirst });
  const timesTrained = (): number => requestsOf('train-suspect').length;
  await server.withWorker(activities, async () => {
    const handle = await server.client.workflow.start(sweep, { ...newWorkflow(), args: [input] });
    await eventually(() => timesTrained() === 1);
    const { paused, stages } = await readProgress(handle);
    expect(paused).toBe(false);
    expect(stages[0]).toMatchObject({ name: 'experiments', state: 'running', progress: { done: 0, total: 4 } });
    expect(stages.map(({ name }) => name)).toContain('markedFraction 0.1, run 1: train-suspect');

    await handle.signal(pauseSignal);
    const child = server.client.workflow.getHandle(`${handle.workflowId}-1`);
    await eventually(async () => (await child.query(progressQuery)).paused);
    await eventually(async () => (await child.query(progressQuery)).stages[9]?.state === 'waiting');
    expect(await handle.query(progressQuery)).toMatchObject({ paused: true });
    expect(timesTrained()).toBe(1);

    await handle.signal(resumeSignal);
    const { experiments } = await handle.result();
    expect(experiments.filter(({ report }) => report)).toHaveLength(4);
    expect(timesTrained()).toBe(5);
    expect(await handle.query(progressQuery)).toMatchObject({
      paused: false,
      children: [],
      stages: [
        { name: 'experiments', state: 'done', progress: { done: 4 } },
        { name: 'write-study', state: 'done' },
      ],
    });
  });
});

test('a cancel ends the experiments that run, also while the study is paused', async () => {
  const { activities } = mockActivities({ 'generate-corpus': untilCancelled });
  await server.withWorker(activities, async () => {
    const args: [SweepInput] = [{ ...input, concurrency: 2 }];
    const handle = await server.client.workflow.start(sweep, { ...newWorkflow(), args });
    const children = [1, 2].map((n) => server.client.workflow.getHandle(`${handle.workflowId}-${n}`));
    await eventually(async () => (await handle.query(progressQuery)).children?.length === 2);
    await eventually(async () => (await handle.describe()).raw.pendingChildren?.length === 2);
    await handle.signal(pauseSignal);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    for (const child of children) expect((await child.describe()).status.name).toBe('CANCELLED');
  });
});

test('a long history is cut, and no experiment is lost or run twice', async () => {
  const workflows = new URL('../../../../packages/workflows/test/many-workflows.ts', import.meta.url);
  const many = await startMockedServer(workflows.href);
  try {
    const { activities, calls } = mockActivities();
    const runs = Array.from({ length: experimentsOfLongStudy }, (_, i) => ({ keyId: 'a'.repeat(64), seed: i }));
    const args: [SweepInput] = [{ ...input, cells: input.cells.slice(0, 1), runs, concurrency: 4 }];
    const options = newWorkflow();
    const result: SweepResult = await many.withWorker(activities, () =>
      many.client.workflow.execute(sweep, { ...options, args, memo: { places: 'here' } }),
    );
    expect(result.experiments.map(({ run }) => run)).toEqual(runs.map((_, i) => i + 1));
    expect(calls.map(({ step }) => step)).toEqual(['write-study']);
    const parts: (object | undefined)[] = [];
    for await (const { type, memo } of many.client.workflow.list({ query: `WorkflowId = '${options.workflowId}'` })) {
      if (type === 'sweep') parts.push(memo);
    }
    expect(parts.length).toBeGreaterThan(1);
    expect(parts).toEqual(parts.map(() => ({ places: 'here' }))); // by which a command knows its run again
    const children: string[] = [];
    for await (const child of many.client.workflow.list({ query: `WorkflowType = 'experiment'` })) {
      children.push(child.workflowId);
    }
    expect(new Set(children).size).toBe(runs.length);
    expect(children).toHaveLength(runs.length);
  } finally {
    await many.stop();
  }
});
