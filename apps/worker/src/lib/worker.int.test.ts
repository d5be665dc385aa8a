import { execFileSync, spawn } from 'node:child_process';
import { jest } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import {
  defaultTaskQueue,
  experiment,
  pauseSignal,
  readProgress,
  resumeSignal,
  train,
  type StepProgress,
  type TrainInput,
} from '@radiotracer/workflows';
import { experimentInput } from '../../test/inputs.ts';
import { eventually, isAlive, starts, type Start } from '../../test/probe.ts';
import { startDevServer, type DevServer } from './dev-server.ts';
import { runWorker, type RunningWorker } from './worker.ts';

/*
 * Real server, real worker, real child processes; only what the stages compute is small. Each training takes 0.1 s a
 * step, and keeps a checkpoint.
 */
jest.setTimeout(240_000);
/** Warnings of the workers' log. */
const said: string[] = [];
Runtime.install({
  logger: new DefaultLogger('WARN', ({ level, message }) =>
    level === 'WARN' ? said.push(message) : console.error(message),
  ),
});
const stagesModule = new URL('../../test/fake-stages.ts', import.meta.url).href;
let server: DevServer;
let worker: RunningWorker;
let connection: Connection;
let client: Client;
let store: string;

beforeAll(async () => {
  server = await startDevServer();
  worker = await runWorker({ address: server.address, stagesModule });
  connection = await Connection.connect({ address: server.address });
  client = new Client({ connection });
});
afterAll(async () => {
  await connection?.close();
  await worker?.stop();
  await server?.stop();
});
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'radiotracer-worker-'));
});
afterEach(() => rm(store, { recursive: true }));

function trainInput(steps: number, seed = 1): TrainInput {
  const { corpus, architecture, training } = experimentInput(store);
  const settings = { ...training.suspect, epochs: steps, seed };
  return { store, locations: { probe: store }, corpus, architecture, training: settings };
}

const startTraining = (steps: number, seed?: number): Promise<WorkflowHandle<typeof train>> =>
  client.workflow.start(train, {
    taskQueue: defaultTaskQueue,
    workflowId: `train-${crypto.randomUUID()}`,
    args: [trainInput(steps, seed)],
  });

async function trainingStep(handle: WorkflowHandle): Promise<StepProgress | undefined> {
  const { stages } = await readProgress(handle);
  return stages.find(({ name }) => name === 'train-network');
}

/** Waits until the training's checkpoint is past its second step; its process. Asks no worker, which may be slow. */
async function underWay(): Promise<Start> {
  await eventually(async () => {
    const working = (await readdir(join(store, 'working')).catch(() => [])).find((name) => /^trainNetwork-/.test(name));
    const checkpoint = join(store, 'working', working ?? '', 'scratch', 'checkpoint');
    return Number(await readFile(checkpoint, 'utf8').catch(() => 0)) > 2;
  });
  return (await starts(store, 'trainNetwork')).at(-1) as Start;
}

async function trainingStarts(): Promise<Start[]> {
  return starts(store, 'trainNetwork');
}

test('runs an experiment from generation to report, and a second one without computing anything again', async () => {
  const run = () =>
    client.workflow.execute(experiment, {
      taskQueue: defaultTaskQueue,
      workflowId: `experiment-${crypto.randomUUID()}`,
      args: [experimentInput(store, { probe: store })],
    });
  const result = await run();
  expect(result.models.map(({ name }) => name)).toEqual(['suspect', 'control']);
  expect(new Set((await trainingStarts()).map(({ from }) => from))).toEqual(new Set([0]));
  expect(await readdir(join(store, 'artifacts', 'trainNetwork'))).toHaveLength(3);
  expect(await readdir(join(store, 'artifacts', 'ingest'))).toHaveLength(3);
  expect(await readdir(join(store, 'artifacts', 'writeReport'))).toEqual([result.report.key]);

  expect(await run()).toEqual(result);
  expect(await trainingStarts()).toHaveLength(3);
});

test('a stage whose process is killed is retried, goes on from its checkpoint and comes to the same result', async () => {
  const handle = await startTraining(50);
  const { pid } = await underWay();
  process.kill(pid, 'SIGKILL');
  const retried = await eventually(async () => {
    const step = await trainingStep(handle);
    return step?.attempt === 2 && step;
  });
  expect(retried.lastFailure).toContain('trainNetwork: the compute process was killed by SIGKILL');
  const { network } = await handle.result();
  const [first, second] = await trainingStarts();
  expect(first?.from).toBe(0);
  expect(second?.from).toBeGreaterThan(2);

  await rm(join(store, 'artifacts', 'trainNetwork'), { recursive: true });
  expect((await (await startTraining(50)).result()).network).toEqual(network);
});

test('a cancel ends the process and the workflow within 5 s', async () => {
  const handle = await startTraining(1_000);
  const { pid } = await underWay();
  const before = performance.now();
  await handle.cancel();
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(performance.now() - before).toBeLessThan(5_000);
  expect(isAlive(pid)).toBe(false);
});

test('a pause ends the process within 5 s, a resume goes on from its checkpoint', async () => {
  const handle = await startTraining(60);
  const { pid } = await underWay();
  const before = performance.now();
  await handle.signal(pauseSignal);
  await eventually(() => !isAlive(pid));
  expect(performance.now() - before).toBeLessThan(5_000);
  await eventually(async () => (await trainingStep(handle))?.state === 'waiting');
  expect(await readProgress(handle)).toMatchObject({ paused: true });
  expect(await trainingStarts()).toHaveLength(1);

  await handle.signal(resumeSignal);
  await handle.result();
  const [, second] = await trainingStarts();
  expect(second?.from).toBeGreaterThan(2);
  expect(await readProgress(handle)).toMatchObject({ paused: false });
});

test('a read that never returns is said, and a pause ends it within 5 s all the same', async () => {
  execFileSync('mkfifo', [join(store, 'pipe')]); // nobody writes into it, so nobody can even open it
  const taskQueue = 'standstill';
  const patient = await runWorker({ address: server.address, stagesModule, taskQueue, standstillSeconds: 2 });
  const workflowId = `train-${crypto.randomUUID()}`;
  const handle = await client.workflow.start(train, { taskQueue, workflowId, args: [trainInput(60, -5)] });
  const stuck = await eventually(async () => {
    const step = await trainingStep(handle);
    return step?.progress && (step.secondsSinceProgress ?? 0) > 3 && step;
  });
  expect(stuck.progress).toMatchObject({ done: 1, total: 60 });
  expect(said).toContainEqual(expect.stringMatching(/^train-network: no progress for \d+ s; .*pause the run/));

  const [{ pid } = { pid: 0 }] = await trainingStarts();
  const before = performance.now();
  await handle.signal(pauseSignal);
  await eventually(() => !isAlive(pid));
  expect(performance.now() - before).toBeLessThan(5_000);
  await handle.signal(resumeSignal);
  await handle.result();
  const [, second] = await trainingStarts();
  expect(second?.from).toBe(2);
  await patient.stop();
});

test('tells how fast the running stage is and how long it will take', async () => {
  const handle = await startTraining(100);
  const step = await eventually(async () => {
    const step = await trainingStep(handle);
    return step?.progress?.secondsLeft !== undefined && step;
  });
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow('cancelled');
  const { done = 0, ratePerSecond = 0, secondsLeft } = step.progress ?? {};
  expect(step).toMatchObject({ state: 'running', progress: { total: 100, unit: 'steps', detail: {} }, attempt: 1 });
  expect(ratePerSecond).toBeGreaterThan(1);
  expect(ratePerSecond).toBeLessThan(20); // 10 by the stage's clock; messages may arrive closer to one another
  expect(secondsLeft).toBeCloseTo((100 - done) / ratePerSecond);
});

test('settings that the stage refuses fail the workflow at once, with the reason', async () => {
  const handle = await startTraining(1, -1);
  await expect(handle.result()).rejects.toMatchObject({
    cause: {
      name: 'ActivityFailure',
      cause: { type: 'BadSettingsError', message: 'trainNetwork: training.seed is -1; give an integer ≥ 0' },
    },
  });
});

test('a worker that stops leaves no process behind, and another one goes on', async () => {
  const handle = await startTraining(60);
  const { pid } = await underWay();
  await worker.stop();
  expect(isAlive(pid)).toBe(false);

  worker = await runWorker({ address: server.address, stagesModule });
  await handle.result();
  const [, second] = await trainingStarts();
  expect(second?.from).toBeGreaterThan(2);
});

test('a worker that is killed leaves no process behind, and after 30 s without a heartbeat another one goes on', async () => {
  const taskQueue = 'killed';
  const script = join(store, 'worker.mts');
  await writeFile(
    script,
    `import { runWorker } from ${JSON.stringify(new URL('./worker.ts', import.meta.url).href)};
    await runWorker(${JSON.stringify({ address: server.address, stagesModule, taskQueue })});`,
  );
  const flags = ['--conditions=@radiotracer/source', '--import', 'tsx'];
  const killed = spawn(process.execPath, [...flags, script], { stdio: 'ignore' });
  const workflowId = `train-${crypto.randomUUID()}`;
  const handle = await client.workflow.start(train, { taskQueue, workflowId, args: [trainInput(100)] });
  const { pid } = await underWay().finally(() => killed.kill('SIGKILL'));
  await eventually(() => !isAlive(pid));

  const other = await runWorker({ address: server.address, stagesModule, taskQueue });
  await handle.result();
  await other.stop();
  const [, second] = await trainingStarts();
  expect(second?.from).toBeGreaterThan(2);
});

test('a worker of an older version on the queue computes nothing and says so, and one of today takes over', async () => {
  const [taskQueue, workflowId] = ['older', `train-${crypto.randomUUID()}`];
  const olderStages = new URL('../../test/older-stages.ts', import.meta.url).href;
  const older = await runWorker({ address: server.address, stagesModule: olderStages, taskQueue });
  const handle = await client.workflow.start(train, { taskQueue, workflowId, args: [trainInput(3)] });
  const refused = await eventually(async () => {
    const { stages } = await readProgress(handle);
    return stages.find(({ lastFailure }) => lastFailure !== undefined);
  });
  expect(refused.lastFailure).toMatch(
    /^generate: the worker on \S+ has version 0 of this stage, the run needs version/,
  );
  expect(await starts(store, 'generate')).toEqual([]);

  const today = await runWorker({ address: server.address, stagesModule, taskQueue });
  await older.stop();
  const { network } = await handle.result();
  expect(network.stage).toBe('trainNetwork');
  await today.stop();
});
