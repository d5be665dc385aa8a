import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { train } from '@radiotracer/workflows';
import { experimentInput } from '../../test/inputs.ts';
import { eventually, starts, type Start } from '../../test/probe.ts';
import { startDevServer, type DevServer } from './dev-server.ts';
import { runWorker } from './worker.ts';

/* What befalls a worker from outside: its server away, another worker beside it, a clock that is wrong. */
// The client would tell of every call to a server that is away.
const silent = { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } };
Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: silent });
const stagesModule = new URL('../../test/fake-stages.ts', import.meta.url).href;
/** A worker that was not heard of for 30 s counts as dead. */
const OUTAGE_MS = 1_000 * Number(process.env['RADIOTRACER_TEST_OUTAGE_SECONDS'] ?? 35);
jest.setTimeout(OUTAGE_MS + 205_000);
let store: string;
let server: DevServer;
let connection: Connection;

beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'radiotracer-outages-'));
  server = await startDevServer({ dbFile: join(store, 'temporal.sqlite') });
  connection = await Connection.connect({ address: server.address });
});
afterEach(async () => {
  await connection.close();
  await server.stop();
  await rm(store, { recursive: true });
});

function startTraining(steps: number, taskQueue: string): Promise<WorkflowHandle<typeof train>> {
  const { corpus, architecture, training } = experimentInput(store);
  const settings = { ...training.suspect, epochs: steps };
  const input = { store, locations: { probe: store }, corpus, architecture, training: settings };
  const workflowId = `train-${crypto.randomUUID()}`;
  return new Client({ connection }).workflow.start(train, { taskQueue, workflowId, args: [input] });
}

/** The step of the training's checkpoint. */
async function checkpoint(): Promise<number> {
  const names = await readdir(join(store, 'working')).catch(() => []);
  const working = names.find((name) => name.startsWith('trainNetwork-')) ?? '';
  return Number(await readFile(join(store, 'working', working, 'scratch', 'checkpoint'), 'utf8').catch(() => 0));
}
const trainingStarts = (): Promise<Start[]> => starts(store, 'trainNetwork');

test('a server that is away for longer than a worker counts as alive finds it again, and the run comes to its end', async () => {
  const { address } = server;
  const worker = await runWorker({ address, stagesModule });
  const handle = await startTraining(OUTAGE_MS / 100 + 100, 'radiotracer');
  await eventually(async () => (await checkpoint()) > 2);
  await server.stop();
  await setTimeout(OUTAGE_MS);
  server = await startDevServer({ dbFile: join(store, 'temporal.sqlite'), port: Number(address.split(':')[1]) });
  const { network } = await handle.result();
  expect(network.stage).toBe('trainNetwork');
  const [first, ...others] = await trainingStarts();
  expect(first?.from).toBe(0);
  for (const { from } of others) expect(from).toBeGreaterThan(2); // what was done is not done again
  await worker.stop();
});

test('two runs on two workers that need the same stage compute it once', async () => {
  const workers = await Promise.all(
    ['left', 'right'].map((taskQueue) => runWorker({ address: server.address, stagesModule, taskQueue })),
  );
  const handles = await Promise.all(['left', 'right'].map((taskQueue) => startTraining(30, taskQueue)));
  const [left, right] = await Promise.all(handles.map((handle) => handle.result()));
  expect(left).toEqual(right);
  expect(await trainingStarts()).toHaveLength(1);
  expect(await starts(store, 'ingest')).toHaveLength(2); // of the two splits
  await Promise.all(workers.map((worker) => worker.stop()));
});

const fakeTime = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';
const hasFakeTime = existsSync(fakeTime);
if (!hasFakeTime) console.warn(`wrong clocks are not tested: no ${fakeTime} (Debian's package libfaketime)`);

(hasFakeTime ? test : test.skip).each([
  ['an hour ahead, then set right', '+3600', '+0'],
  ['right, then set back by an hour', '+0', '-3600'],
])("a worker whose clock is %s comes to the run's end without starting anything twice", async (_case, at, then) => {
  const clock = join(store, 'clock');
  await writeFile(clock, at);
  const worker = await startWorkerWithClock(clock);
  try {
    const handle = await startTraining(60, 'clock');
    await eventually(async () => (await checkpoint()) > 2);
    await writeFile(clock, then);
    await handle.result();
    expect((await trainingStarts()).map(({ from }) => from)).toEqual([0]);
  } finally {
    worker.kill('SIGKILL');
  }
});

/** A worker process, children included, whose clock is off by what a file says, read anew every second. */
async function startWorkerWithClock(clock: string): Promise<ChildProcess> {
  const options = { address: server.address, stagesModule, taskQueue: 'clock' };
  const script = join(store, 'worker.mts');
  await writeFile(
    script,
    `import { runWorker } from ${JSON.stringify(new URL('./worker.ts', import.meta.url).href)};
    await runWorker(${JSON.stringify(options)});`,
  );
  return spawn(process.execPath, ['--conditions=@radiotracer/source', '--import', 'tsx', script], {
    stdio: 'ignore',
    env: {
      ...process.env,
      LD_PRELOAD: fakeTime,
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  });
}
