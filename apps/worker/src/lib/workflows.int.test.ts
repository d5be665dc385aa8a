import { jest } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import {
  detect,
  experiment,
  pauseSignal,
  progressQuery,
  readProgress,
  resumeSignal,
  workerStopped,
  type ExperimentInput,
  type ExperimentResult,
} from '@radiotracer/workflows';
import { experimentInput } from '../../test/inputs.ts';
import { mockActivities, untilCancelled, type Behaviour } from '../../test/mock-activities.ts';
import { newWorkflow, startMockedServer, type MockedServer } from '../../test/mocked-worker.ts';
import { eventually } from '../../test/probe.ts';

/* The workflows on a real server; their activities compute nothing. */
jest.setTimeout(120_000);
let server: MockedServer;
beforeAll(async () => {
  server = await startMockedServer();
});
afterAll(() => server?.stop());

const input = experimentInput('/store', { key: '/safe/key' });
const run = (given: ExperimentInput = input): Promise<ExperimentResult> =>
  server.client.workflow.execute(experiment, { ...newWorkflow(), args: [given] });

test('hands each stage the artefacts and settings that it needs', async () => {
  const { activities, calls, inputOf } = mockActivities();
  const result = await server.withWorker(activities, run);
  const { train, test, markingNetwork, versions, publication, published, models, calibration, report } = result;
  const [suspect, control] = models;

  expect(calls).toHaveLength(18);
  for (const { request } of calls) expect(request).toMatchObject({ store: '/store', locations: { key: '/safe/key' } });
  const source = { artifact: expect.objectContaining({ stage: 'generate' }), folder: 'corpus' };
  expect(inputOf('ingest-train')).toEqual({ source, split: 'train' });
  expect(inputOf('ingest-test')).toEqual({ source, split: 'test' });
  const { architecture, training, marking, keyId } = input;
  expect(inputOf('train-marking-network')).toEqual({ train, test, architecture, training: training.marking });
  const { markedFraction, selection } = marking;
  const toMark = { keyId, corpus: train, markingNetwork };
  expect(inputOf('choose-images')).toEqual({ ...toMark, marking: { markedFraction, selection } });
  const chosen = expect.objectContaining({ stage: 'chooseImages' });
  expect(inputOf('mark-images')).toEqual({ ...toMark, chosen, part: { start: 0, end: 100 }, marking });
  expect(inputOf('join-versions')).toEqual({ parts: [expect.objectContaining({ stage: 'markImages' })] });
  expect(versions.stage).toBe('joinVersions');
  expect(inputOf('publish')).toEqual({ keyId, versions, source, split: 'train' });
  expect(inputOf('ingest-published')).toEqual({
    source: { artifact: publication, folder: 'published' },
    split: 'train',
  });
  expect(inputOf('train-suspect')).toEqual({ train: published, test, architecture, training: training.suspect });
  expect(inputOf('train-control')).toEqual({ train, test, architecture, training: training.controls[0] });
  const references = expect.objectContaining({ stage: 'fitReferences' });
  expect(inputOf('fit-references')).toEqual({ markingNetwork, train, weightDecays: [2.5e-4, 2.5e-3] });
  const evidence = { keyId, markingNetwork, references, versions, publication, train, test };
  expect(inputOf('extract-evidence-suspect')).toEqual({ ...evidence, suspect: suspect?.network });
  expect(inputOf('extract-evidence-control')).toEqual({ ...evidence, suspect: control?.network });
  expect(inputOf('judge-control')).toEqual({
    name: 'control',
    evidence: control?.evidence,
    log10Level: -4,
    test: 'exact',
  });
  const { store: _store, locations: _locations, title, ...settings } = input;
  const evidenceOf = models.map(({ name, evidence }) => ({ name, evidence }));
  expect(inputOf('calibrate')).toEqual({ models: evidenceOf });
  const marked = { versions, publication, train, markingNetwork };
  expect(inputOf('write-report')).toEqual({ title, settings, ...marked, models, calibration });
  expect(report.stage).toBe('writeReport');
});

test('lets a beacon draw, for which nothing but the publication is made anew', async () => {
  const { activities, calls } = mockActivities();
  const beacon = `drand.quicknet:12345:${'0f1e'.repeat(16)}`;
  const { versions } = await server.withWorker(activities, () => run({ ...input, beacon }));
  const told = calls.filter(({ request }) => JSON.stringify(request.input).includes(beacon));
  expect(told.map(({ step }) => step)).toEqual(['publish', 'write-report']);
  expect(told[0]?.request.input).toMatchObject({ keyId: input.keyId, versions, beacon });
});

test('trains and judges as many controls as there are settings for', async () => {
  const { activities, calls } = mockActivities();
  const [first] = input.training.controls;
  const controls = [4, 5, 6].map((seed) => ({ ...first, seed })) as unknown as typeof input.training.controls;
  const { models } = await server.withWorker(activities, () =>
    run({ ...input, training: { ...input.training, controls } }),
  );
  expect(models.map(({ name }) => name)).toEqual(['suspect', 'control', 'control-2', 'control-3']);
  // They run side by side, so calls come in any order.
  const trained = new Map(calls.map(({ step, request }) => [step, (request.input as { training?: unknown }).training]));
  expect(models.map((_, i) => trained.get(`train-control${i === 0 ? '' : `-${i + 1}`}`)).slice(0, 3)).toEqual(controls);
  const steps = calls.map(({ step }) => step);
  expect(steps).toEqual(expect.arrayContaining(['extract-evidence-control-3', 'judge-control-3']));
});

test('trains the last layers of suspect and control alone on the features of the marking network', async () => {
  const { activities, inputOf } = mockActivities();
  const result = await server.withWorker(activities, () => run({ ...input, layers: 'last' }));
  const { train, test, markingNetwork: network, published } = result;
  const { weightDecay } = input.training.suspect;
  expect(inputOf('train-suspect')).toEqual({ network, train: published, test, weightDecay });
  expect(inputOf('train-control')).toEqual({ network, train, test, weightDecay });
  expect(result.models.map(({ network }) => network?.stage)).toEqual(['trainLastLayer', 'trainLastLayer']);
});

test('trains last layers with privacy, each with the seed of its training', async () => {
  const { activities, inputOf } = mockActivities();
  const privacy = { noiseMultiplier: 1, maxGradNorm: 1, epochs: 2, batchSize: 32, learningRate: 0.1 };
  await server.withWorker(activities, () => run({ ...input, layers: 'last', privacy }));
  expect(inputOf('train-suspect')).toMatchObject({ privacy: { ...privacy, seed: 2 } });
  expect(inputOf('train-control')).toMatchObject({ privacy: { ...privacy, seed: 3 } });
});

test('reads a corpus that is named by its digest, in its splits and at the size wished for', async () => {
  const { activities, calls } = mockActivities();
  const corpus = { digest: 'd', trainSplit: 'fit', testSplit: 'valid', height: 64, width: 48 };
  await server.withWorker(activities, () => run({ ...input, corpus }));
  const inputs = calls.filter(({ step }) => step.startsWith('ingest')).map(({ request }) => request.input);
  const artifact = expect.objectContaining({ stage: 'publish' });
  expect(inputs).toEqual(
    expect.arrayContaining([
      { source: { digest: 'd' }, split: 'fit', height: 64, width: 48 },
      { source: { digest: 'd' }, split: 'valid', height: 64, width: 48 },
      { source: { artifact, folder: 'published' }, split: 'fit', height: 64, width: 48 },
    ]),
  );
  expect(calls.map(({ step }) => step)).not.toContain('generate-corpus');
});

test('a query tells every step from the start, with what is done', async () => {
  const { activities } = mockActivities({ 'mark-images': untilCancelled });
  await server.withWorker(activities, async () => {
    const handle = await server.client.workflow.start(experiment, { ...newWorkflow(), args: [input] });
    const { stages } = await eventually(async () => {
      const progress = await handle.query(progressQuery);
      return progress.stages[5]?.state === 'running' && progress;
    });
    expect(stages.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'generate-corpus done',
      'ingest-train done',
      'ingest-test done',
      'train-marking-network done',
      'choose-images done',
      'mark-images running',
      'join-versions waiting',
      'publish waiting',
      'ingest-published waiting',
      'train-suspect waiting',
      'train-control waiting',
      'fit-references waiting',
      'extract-evidence-suspect waiting',
      'judge-suspect waiting',
      'extract-evidence-control waiting',
      'judge-control waiting',
      'calibrate waiting',
      'write-report waiting',
    ]);
    const [generated] = stages;
    expect(generated).toMatchObject({ stage: 'generate', artifact: { facts: { of: 'generate-corpus' } } });
    expect(Date.parse(generated?.finishedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(generated?.startedAt ?? ''));
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  });
});

test('many images are marked in parts, on as many workers as there are, and joined in their order', async () => {
  const { activities, calls } = mockActivities({ 'mark-images-3': untilCancelled }, 1_100);
  await server.withWorker(activities, async () => {
    const handle = await server.client.workflow.start(experiment, { ...newWorkflow(), args: [input] });
    const marking = await eventually(async () => {
      const { stages } = await readProgress(handle);
      const step = stages.find(({ name }) => name === 'mark-images');
      return step?.parts?.done === 2 && step;
    });
    expect(marking).toMatchObject({ state: 'running', parts: { done: 2, total: 3 }, attempt: 1 });
    await handle.signal(pauseSignal);
    await eventually(async () => (await handle.query(progressQuery)).stages[5]?.state === 'waiting');
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  });
  const parts = calls
    .filter(({ request }) => 'part' in request.input)
    .map(({ step, request }) => [step, request.input]);
  expect(Object.fromEntries(parts)).toMatchObject({
    'mark-images-1': { part: { start: 0, end: 512 } },
    'mark-images-2': { part: { start: 512, end: 1_024 } },
    'mark-images-3': { part: { start: 1_024, end: 1_100 } },
  });

  const whole = mockActivities({}, 1_100);
  await server.withWorker(whole.activities, run);
  const joined = whole.inputOf('join-versions');
  const made = ['mark-images-1', 'mark-images-2', 'mark-images-3'].map((of) =>
    expect.objectContaining({ facts: { of } }),
  );
  expect(joined).toEqual({ parts: made });
});

test('a stage that crashes is run again', async () => {
  let crashes = 2;
  const crash: Behaviour = async () => {
    if (crashes-- > 0) throw new Error('the disk went away');
  };
  const { activities, requestsOf } = mockActivities({ 'mark-images': crash });
  await server.withWorker(activities, run);
  expect(requestsOf('mark-images')).toHaveLength(3);
});

test('a stage whose worker stops more often than a crash is retried still comes to its end', async () => {
  let stops = 12;
  const stop: Behaviour = async () => {
    if (stops-- > 0) throw ApplicationFailure.nonRetryable('the worker was stopped', workerStopped);
  };
  const { activities, requestsOf } = mockActivities({ 'mark-images': stop });
  await server.withWorker(activities, run);
  expect(requestsOf('mark-images')).toHaveLength(13);
});

test('a stage that refuses its input is not run again, nor what comes after', async () => {
  const refuse: Behaviour = async () => {
    throw ApplicationFailure.nonRetryable('marker: radius is 0; give 1 to 255 levels', 'MarkingSettingsError');
  };
  const { activities, calls, requestsOf } = mockActivities({ 'mark-images': refuse });
  await expect(server.withWorker(activities, run)).rejects.toMatchObject({
    cause: { cause: { type: 'MarkingSettingsError', message: 'marker: radius is 0; give 1 to 255 levels' } },
  });
  expect(calls.at(-1)?.step).toBe('mark-images');
  expect(requestsOf('mark-images')).toHaveLength(1);
});

test('when one stage fails for good, those that run beside it are stopped', async () => {
  let isStopped = false;
  const { activities } = mockActivities({
    'train-suspect': (request) => untilCancelled(request).finally(() => (isStopped = true)),
    'train-control': async () => {
      throw ApplicationFailure.nonRetryable('trainer: epochs is 0; give at least 1', 'TrainingSettingsError');
    },
  });
  await server.withWorker(activities, async () => {
    await expect(run()).rejects.toMatchObject({ cause: { cause: { type: 'TrainingSettingsError' } } });
    await eventually(() => isStopped);
  });
});

test('a pause stops what runs, and nothing starts until a resume', async () => {
  let isFirst = true;
  const slowAtFirst: Behaviour = async (request) => {
    if (isFirst) await untilCancelled(request).finally(() => (isFirst = false));
  };
  const { activities, requestsOf } = mockActivities({ 'mark-images': slowAtFirst });
  const timesMarked = (): number => requestsOf('mark-images').length;
  await server.withWorker(activities, async () => {
    const handle = await server.client.workflow.start(experiment, { ...newWorkflow(), args: [input] });
    await eventually(() => timesMarked() === 1);
    await handle.signal(pauseSignal);
    await handle.signal(pauseSignal);
    await eventually(async () => (await handle.query(progressQuery)).stages[5]?.state === 'waiting');
    expect(await handle.query(progressQuery)).toMatchObject({ paused: true });
    expect(timesMarked()).toBe(1);

    await handle.signal(resumeSignal);
    await handle.result();
    expect(timesMarked()).toBe(2);
    expect(await handle.query(progressQuery)).toMatchObject({ paused: false });
  });
});

test('a paused workflow can be cancelled', async () => {
  const { activities } = mockActivities({ 'generate-corpus': untilCancelled });
  await server.withWorker(activities, async () => {
    const handle = await server.client.workflow.start(experiment, { ...newWorkflow(), args: [input] });
    await handle.signal(pauseSignal);
    await eventually(async () => (await handle.query(progressQuery)).paused);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  });
});

test('two models of the same name are refused', async () => {
  const { activities } = mockActivities();
  await server.withWorker(activities, async () => {
    const marked = await run();
    const model = { name: 'suspect', network: marked.markingNetwork };
    const args = { ...input, marked, models: [model, model] };
    await expect(server.client.workflow.execute(detect, { ...newWorkflow(), args: [args] })).rejects.toMatchObject({
      cause: {
        message: 'workflows: two steps are named extract-evidence-suspect; give the models different names',
      },
    });
  });
});
