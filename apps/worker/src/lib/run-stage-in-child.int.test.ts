import { spawn } from 'node:child_process';
import { jest } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunStore, type Progress } from '@radiotracer/store';
import manifest from '../../package.json' with { type: 'json' };
import { experimentInput } from '../../test/inputs.ts';
import { eventually, isAlive, starts } from '../../test/probe.ts';
import { stageVersions } from '@radiotracer/workflows';
import type { StageJob } from './protocol.ts';
import { runStageInChild } from './run-stage-in-child.ts';

jest.setTimeout(120_000);
const stagesModule = new URL('../../test/fake-stages.ts', import.meta.url).href;
let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'radiotracer-child-'));
});
afterEach(() => rm(store, { recursive: true }));

function training(epochs: number, seed = 1): StageJob<'trainNetwork'> {
  const { architecture, training } = experimentInput(store);
  const shards = { stage: 'ingest', key: 'k', sha256: 's', facts: {} as never };
  const input = { train: shards, test: shards, architecture, training: { ...training.suspect, epochs, seed } };
  const { trainNetwork: version } = stageVersions;
  return { stage: 'trainNetwork', version, input, store, locations: { probe: store } };
}

/** The first start of the training once its checkpoint is past the first step. */
const underWay = (): Promise<{ pid: number }> =>
  eventually(async () => {
    const [working] = (await readdir(join(store, 'working')).catch(() => [])).map((name) =>
      join(store, 'working', name),
    );
    const step = Number(await readFile(join(working ?? '', 'scratch', 'checkpoint'), 'utf8').catch(() => 0));
    return step >= 1 && (await starts(store, 'trainNetwork'))[0];
  });

test('returns the artefact that the stage made in another process, and tells its progress', async () => {
  const told: Progress[] = [];
  const artifact = await runStageInChild(training(3), { stagesModule, report: (progress) => told.push(progress) });

  expect(artifact).toMatchObject({ stage: 'trainNetwork', key: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(told.at(-1)).toEqual({ done: 3, total: 3, unit: 'steps', detail: { loss: 1 / 3 } });
  const [start] = await starts(store, 'trainNetwork');
  expect(start?.pid).not.toBe(process.pid);
  expect(isAlive(start?.pid ?? 0)).toBe(false);
});

test('the run record tells what computed: TensorFlow where the stage loads it', async () => {
  const software = async (module: string): Promise<unknown> => {
    const stagesModule = new URL(module, import.meta.url).href;
    const made = await runStageInChild(training(module.length), { stagesModule });
    return (await (await RunStore.open(store)).describe(made)).record.machine.software;
  };
  expect(await software('../../test/fake-stages.ts')).toEqual({ radiotracer: manifest.version });
  expect(await software('../../test/tensorflow-stages.ts')).toEqual({
    radiotracer: manifest.version,
    tensorflow: expect.stringMatching(/^2\.\d+\.\d+$/),
  });
});

test('fails with the class, the message and the reaction of what the stage threw', async () => {
  await expect(runStageInChild(training(3, -1), { stagesModule })).rejects.toMatchObject({
    name: 'BadSettingsError',
    message: 'trainNetwork: training.seed is -1; give an integer ≥ 0',
    retryable: false,
  });
});

test('says how the process died and what it printed last, and where the log is', async () => {
  const logFile = join(store, 'logs', 'mine.log');
  const dying = runStageInChild(training(3, -2), { stagesModule, logName: 'mine.log' });
  await expect(dying).rejects.toMatchObject({
    name: 'ChildDiedError',
    retryable: true,
    how: 'was killed by SIGABRT',
    message: `trainNetwork: the compute process was killed by SIGABRT; log: ${logFile}\nwhat():  map::at`,
  });
  expect(await readFile(logFile, 'utf8')).toContain('map::at');
});

test('is tried once more when memory ran out, then says what to do', async () => {
  await expect(runStageInChild(training(3, -3), { stagesModule })).rejects.toMatchObject({
    name: 'OutOfMemoryError',
    retryable: false,
    message: expect.stringMatching(
      /^trainNetwork: memory ran out \(this machine has \d+ GiB\); lower training.batchSize/,
    ),
  });
  expect(await starts(store, 'trainNetwork')).toHaveLength(2);
});

test('a process that hangs is killed, and run again goes on from its checkpoint', async () => {
  const hanging = runStageInChild(training(5, -4), { stagesModule, hangsAfterMs: 5_000 });
  await expect(hanging).rejects.toMatchObject({ name: 'ChildDiedError', how: 'said nothing for 5 s and was killed' });
  await runStageInChild(training(5, -4), { stagesModule });
  const [first, second] = await starts(store, 'trainNetwork');
  expect(isAlive(first?.pid ?? 0)).toBe(false);
  expect(second?.from).toBe(2);
});

test('refuses to run another version of the stage than the workflow ordered, so that another worker may', async () => {
  const older = { ...training(3), version: stageVersions.trainNetwork + 1 };
  await expect(runStageInChild(older, { stagesModule })).rejects.toMatchObject({
    name: 'StageVersionError',
    retryable: true,
    message: expect.stringMatching(/^trainNetwork: the worker on \S+ has version \d+ of this stage, the run needs/),
  });
  expect(await starts(store, 'trainNetwork')).toEqual([]);
});

test('an input that was damaged meanwhile is made again', async () => {
  const { input } = training(1);
  const ingested = await runStageInChild(
    { ...training(1), stage: 'ingest', version: stageVersions.ingest, input: { split: 'train' } as never } as never,
    { stagesModule },
  );
  await writeFile(join((await RunStore.open(store)).folder(ingested), 'output.json'), 'damaged');
  const reads = { ...training(2), input: { ...input, train: ingested as never } };
  await runStageInChild(reads, { stagesModule });
  await (await RunStore.open(store)).verify(ingested);
});

test('a killed stage goes on from its checkpoint when it is run again, to the same artefact', async () => {
  const dying = runStageInChild(training(10), { stagesModule });
  dying.catch(() => undefined);
  process.kill((await underWay()).pid, 'SIGKILL');
  await expect(dying).rejects.toThrow('was killed by SIGKILL');

  const artifact = await runStageInChild(training(10), { stagesModule });
  expect((await starts(store, 'trainNetwork'))[1]?.from).toBeGreaterThanOrEqual(1);

  await rm(join(store, 'artifacts'), { recursive: true });
  expect(await runStageInChild(training(10), { stagesModule })).toEqual(artifact);
});

test('ends the process when aborted, and rejects with the reason', async () => {
  const controller = new AbortController();
  const aborted = runStageInChild(training(1_000), { stagesModule, signal: controller.signal });
  aborted.catch(() => undefined);
  const { pid } = await underWay();
  controller.abort(new Error('no longer wanted'));
  await expect(aborted).rejects.toThrow('no longer wanted');
  expect(isAlive(pid)).toBe(false);
});

test('leaves no process behind when its own is killed', async () => {
  const script = `
    import { runStageInChild } from ${JSON.stringify(new URL('./run-stage-in-child.ts', import.meta.url).href)};
    await runStageInChild(${JSON.stringify(training(1_000))}, { stagesModule: ${JSON.stringify(stagesModule)} });`;
  const flags = ['--conditions=@radiotracer/source', '--import', 'tsx', '--input-type=module'];
  const parent = spawn(process.execPath, [...flags, '--eval', script], { stdio: 'inherit' });
  const { pid } = await underWay().finally(() => parent.kill('SIGKILL'));
  await eventually(() => !isAlive(pid));
});
