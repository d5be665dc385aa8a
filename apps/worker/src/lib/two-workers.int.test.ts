import { spawn, type ChildProcess } from 'node:child_process';
import { jest } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { openStore } from '@radiotracer/store';
import { startS3Server, type TestS3Server } from '@radiotracer/testing';
import { experiment, readProgress, type ExperimentInput } from '@radiotracer/workflows';
import { experimentInput } from '../../test/inputs.ts';
import { eventually, isAlive, starts } from '../../test/probe.ts';
import { startDevServer, type DevServer } from './dev-server.ts';

/* Workers as if on two machines: processes with caches of their own, a store in a bucket, a real Temporal server. */
jest.setTimeout(240_000);
const script = fileURLToPath(new URL('../../test/run-worker.ts', import.meta.url));
const stagesModule = new URL('../../test/fake-stages.ts', import.meta.url).href;
let s3: TestS3Server;
let server: DevServer;
let connection: Connection;
let client: Client;
let base: string;
let workers: ChildProcess[];
/** 20 s: long enough to be killed in, on a busy machine too. */
const STEPS = 200;

beforeAll(async () => {
  [s3, server] = await Promise.all([startS3Server(), startDevServer()]);
  connection = await Connection.connect({ address: server.address });
  client = new Client({ connection });
});
afterAll(async () => {
  await connection?.close();
  await server?.stop();
  await s3?.stop();
});
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'radiotracer-two-workers-'));
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await rm(base, { recursive: true });
});

/** Starts an experiment, suspect and control of `STEPS` steps, on a bucket and a queue of its own. */
async function start(): Promise<{
  readonly handle: WorkflowHandle<typeof experiment>;
  readonly store: string;
  /** Where the server keeps the store's objects. */
  readonly folder: string;
  readonly startWorker: () => ChildProcess;
}> {
  const name = 'experiment';
  await s3.makeBucket(name);
  const store = `s3://${name}/runs`;
  const { training, ...input } = experimentInput(store, { probe: base });
  const long = {
    ...training,
    suspect: { ...training.suspect, epochs: STEPS },
    controls: training.controls.map((control) => ({ ...control, epochs: STEPS })),
  };
  const args: [ExperimentInput] = [{ ...input, training: long }];
  const handle = await client.workflow.start(experiment, { taskQueue: name, workflowId: name, args });
  const startWorker = (): ChildProcess => {
    const cache = join(base, `cache-${workers.length}`);
    const options = JSON.stringify({ address: server.address, taskQueue: name, stagesModule, cache });
    const flags = ['--conditions=@radiotracer/source', '--import', 'tsx'];
    const worker = spawn(process.execPath, [...flags, script, options], { stdio: 'ignore' });
    workers.push(worker);
    return worker;
  };
  return { handle, store, folder: join(s3.folder, name, 'runs'), startWorker };
}

/** Waits until each of so many trainings has a checkpoint in the bucket. */
async function untilMirrored(folder: string, trainings: number): Promise<void> {
  await eventually(async () => {
    const paths = await readdir(join(folder, 'working'), { recursive: true }).catch(() => []);
    return paths.filter((path) => /^trainNetwork-.*checkpoint$/.test(path)).length === trainings;
  });
}

/** Waits until suspect and control both train. */
async function bothTraining(handle: WorkflowHandle): Promise<void> {
  await eventually(async () => {
    const { stages } = await readProgress(handle).catch(() => ({ stages: [] }));
    const training = stages.filter(({ name }) => ['train-suspect', 'train-control'].includes(name));
    return training.length === 2 && training.every(({ state, progress }) => state === 'running' && progress);
  });
}

test('two workers train suspect and control side by side; when one is killed for good, the other goes on from its checkpoint', async () => {
  const { handle, store, folder, startWorker } = await start();
  startWorker();
  const killed = startWorker();
  await bothTraining(handle);
  const trainings = (await starts(base, 'trainNetwork')).slice(1);
  expect(trainings.map(({ from }) => from)).toEqual([0, 0]);
  await untilMirrored(folder, 2);
  killed.kill('SIGKILL');
  await eventually(() => trainings.some(({ pid }) => !isAlive(pid)));

  const { models, report } = await handle.result();
  expect(models.map(({ name }) => name)).toEqual(['suspect', 'control']);
  const [restarted, ...more] = (await starts(base, 'trainNetwork')).slice(3);
  expect(more).toEqual([]);
  expect(restarted?.from).toBeGreaterThan(0);
  const elsewhere = await openStore(store, { cache: join(base, 'elsewhere') });
  await elsewhere.verify(report);
});
