import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { generate, generatedFolder } from '@radiotracer/corpus';
import { RunStore, runStage } from '@radiotracer/store';
import { begun } from '../../test/begun.ts';
import { main } from '../../test/run-command.ts';

jest.setTimeout(240_000);
let folder: string;
let store: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-resume-'));
  store = join(folder, 'store');
});
afterEach(async () => {
  await radiotracer('server', 'stop');
  await rm(folder, { recursive: true, force: true });
});

async function radiotracer(...args: string[]): Promise<string> {
  const run = promisify(execFile)(process.execPath, [main, ...args, '--store', store], { cwd: folder });
  return (await run).stdout;
}

test('resume goes on with a run whose server was killed and lost its database, and computes nothing again', async () => {
  const other = await RunStore.open(join(folder, 'other'));
  const settings = { classes: 2, trainImages: 64, testImages: 16, size: 16, seed: 1 };
  const corpus = join(other.folder(await runStage(generate, settings, { store: other })), generatedFolder);
  const training = ['architecture.width=2', 'training.epochs=40', 'training.batchSize=8', 'training.checkpointEvery=8'];
  const train = ['train', '--corpus', corpus, '--set', ...training, '--id', 'net', '--out', 'net', '--detach'];
  await radiotracer(...train);
  const isUnderWay = async (): Promise<boolean> => {
    const working = (await readdir(join(store, 'working'))).find((name) => name.startsWith('trainNetwork-'));
    const scratch: string[] = await readdir(join(store, 'working', working ?? '', 'scratch')).catch(() => []);
    return scratch.includes('checkpoint.sealed');
  };
  while (!(await isUnderWay())) await setTimeout(100);

  const { pid } = JSON.parse(await readFile(join(store, 'temporal', 'server.json'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL'); // its server and its compute process end with it
  const ingested = await begun(store, 'ingest');
  expect(Object.keys(ingested)).toHaveLength(2);
  await setTimeout(2_000);
  await rm(join(store, 'temporal'), { recursive: true });

  expect(await radiotracer('resume', 'net')).toMatch(/^\ntrained network [0-9a-f]{64}\ntest accuracy /);
  expect(await begun(store, 'ingest')).toEqual(ingested);
  const [record] = Object.keys(await begun(store, 'trainNetwork'));
  const { attempt } = JSON.parse(
    await readFile(join(store, 'artifacts', 'trainNetwork', record ?? '', 'run.json'), 'utf8'),
  ) as { attempt: number };
  expect(attempt).toBe(2);
  expect(await readdir(join(folder, 'net'))).toContain('weights.safetensors');
  expect(await radiotracer('resume', 'net')).toBe(`net: completed; its results are in ${join(folder, 'net')}\n`);
});
