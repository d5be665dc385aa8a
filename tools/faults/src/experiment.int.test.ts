import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readKey } from '@radiotracer/carriers';
import { CorruptArtifactError, RunStore, type Artifact } from '@radiotracer/store';
import type { Aim } from './aim.ts';
import { Scene, type Command, type Run } from './experiment.ts';
import { flipByte } from './flip-byte.ts';
import { leftBehind } from './left-behind.ts';
import { childOf, isAlive } from './processes.ts';
import { Random } from './random.ts';
import { resultHash } from './result-hash.ts';
import { runWithKills } from './run-with-kills.ts';
import { eventually, meetStep } from './meet-step.ts';

/*
 * One experiment, by the built command with its real server, children and TensorFlow: left alone, killed (the short form
 * of `npm run test:faults`), and interrupted, paused and cancelled. The three run beside one another, as each waits a
 * good deal.
 */
jest.setTimeout(300_000);
/** Random places in each file at which a byte is changed. */
const PLACES = 5;
/** What is damaged of an artefact before it is read again. */
const filesOfStage: Readonly<Record<string, string>> = {
  ingest: 'shard-00000.arrow',
  trainNetwork: 'weights.safetensors',
  chooseImages: 'rows.json',
  markImages: 'shard-00000.arrow',
  joinVersions: 'shard-00000.arrow',
  publish: 'private/manifest.json',
};
let scene: Scene;
let aloneRun: Run;
let expected: Promise<string>;
beforeAll(async () => {
  scene = await Scene.make(await mkdtemp(join(tmpdir(), 'radiotracer-faults-')));
  aloneRun = scene.run('alone');
  expected = alone(aloneRun);
});
afterAll(() => rm(scene.folder, { recursive: true }));

async function succeed(command: Command): Promise<void> {
  expect([await command.ended, await command.printed()]).toEqual([0, expect.anything()]);
}

async function alone(run: Run): Promise<string> {
  await succeed(await run.start());
  return resultHash(run.store, run.out);
}

test.concurrent('killed anywhere, the same command given again comes to the same result', async () => {
  const run = scene.run('killed');
  const aims: Aim[] = [
    { victim: 'child', activity: 'ingest', step: 'ingest-train' },
    { victim: 'child', activity: 'checkpointing', step: 'train-marking-network' },
    { victim: 'command', activity: 'marking', step: 'mark-images' },
    { victim: 'all', activity: 'suspect, control', step: 'train-suspect' },
  ];
  const usual = { 'ingest-train': 0.3, 'mark-images': 1, 'train-suspect': 1.5 };
  const { kills, outcomes } = await runWithKills(run, aims, usual, new Random(1));
  expect(kills.map(({ victim }) => victim)).toEqual(expect.arrayContaining(['child', 'command', 'all']));
  expect(outcomes).toContain('SIGKILL');
  expect(await resultHash(run.store, run.out)).toBe(await expected);
  await (
    await run.command(['server', 'stop', '--store', run.store])
  ).ended; // the killed command left it up
  expect(await leftBehind(run)).toEqual([]);
});

test.concurrent('Ctrl-C, pause and cancel at any stage leave nothing running, and the run goes on', async () => {
  const run = scene.run('interrupted');
  let command = await run.start();

  async function ctrlC(step: string): Promise<void> {
    await meetStep(run, step, command);
    command.process.kill('SIGINT');
    expect([step, await command.ended, await command.printed()]).toEqual([
      step,
      130,
      expect.stringContaining('same command'),
    ]);
    expect(await leftBehind(run, { isUnfinished: true })).toEqual([]);
    command = await run.start();
  }
  async function pause(step: string): Promise<void> {
    await meetStep(run, step, command);
    const [, id = ''] = /^(?:starting|taking up) (experiment-\w+)/m.exec(await command.printed()) ?? [];
    const control = async (...what: string[]): Promise<number | string> =>
      (await run.command([...what, id, '--store', run.store])).ended;
    expect(await control('pause')).toBe(0);
    const paused = performance.now();
    await eventually(() => childOf(run.store) === undefined);
    expect(performance.now() - paused).toBeLessThan(5_000);
    expect(await control('resume', '--detach')).toBe(0);
  }
  async function cancel(step: string): Promise<void> {
    const child = await meetStep(run, step, command);
    const [, id = ''] = /^(?:starting|taking up) (experiment-\w+)/m.exec(await command.printed()) ?? [];
    expect(await (await run.command(['cancel', id, '--store', run.store])).ended).toBe(0);
    expect([await command.ended, await command.printed()]).toEqual([4, expect.stringContaining('was cancelled')]);
    expect(isAlive(child)).toBe(false);
    command = await run.start();
  }

  await ctrlC('ingest-train');
  await pause('train-marking-network');
  await cancel('mark-images');
  await ctrlC('publish');
  await pause('train-suspect');
  await ctrlC('extract-evidence-suspect');
  await ctrlC('write-report');
  await succeed(command);
  expect(await resultHash(run.store, run.out)).toBe(await expected);
  expect(await leftBehind(run)).toEqual([]);
});

test.concurrent(
  'a flipped byte is noticed wherever it is, and what can be made again is, to the same result',
  async () => {
    await expected;
    const run = scene.run('flipped');
    await cp(aloneRun.store, run.store, { recursive: true });
    const { root } = await RunStore.open(run.store);
    const artifacts = await (await RunStore.open(root)).list();
    const random = new Random(1);
    const noticed = async (artifact: Artifact): Promise<string | undefined> => {
      const store = await RunStore.open(root); // one that has verified nothing yet
      try {
        await store.verify(artifact);
        await store.describe(artifact);
        return undefined;
      } catch (error) {
        return error instanceof CorruptArtifactError ? error.message : undefined;
      }
    };

    for (const artifact of artifacts) {
      const folder = join(root, 'artifacts', artifact.stage, artifact.key);
      for (const file of await readdir(folder, { recursive: true })) {
        if (!(await stat(join(folder, file))).isFile()) continue;
        for (let place = 0; place < PLACES; place++) {
          const undo = await flipByte(join(folder, file), random);
          expect(await noticed(artifact)).toContain(file);
          await undo();
        }
      }
    }
    for (let place = 0; place < PLACES; place++) {
      const copy = join(run.folder, 'damaged.key');
      await cp(scene.key, copy);
      await flipByte(copy, random);
      await expect(readKey(copy)).rejects.toMatchObject({
        name: 'KeyFileError',
        message: expect.stringContaining(copy),
      });
    }

    // What the detection of the suspect reads is damaged, and what comes of it is not there: it is made again first.
    const made = new Set(['judge', 'extractEvidence', 'writeReport']);
    for (const { stage, key } of artifacts) {
      const folder = join(root, 'artifacts', stage, key);
      if (made.has(stage)) await rm(folder, { recursive: true });
      else await flipByte(join(folder, filesOfStage[stage] ?? ''), random);
    }
    await succeed(await run.start());
    expect(await resultHash(run.store, run.out)).toBe(await expected);
    for (const artifact of artifacts)
      if (artifact.stage !== 'writeReport') expect(await noticed(artifact)).toBeUndefined();
  },
);
