import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readKey } from '@radiotracer/carriers';
import { CorruptArtifactError, RunStore, type Artifact } from '@radiotracer/store';
import type { Aim } from './aim.ts';
import { Run, Scene, type Command } from './experiment.ts';
import { flipByte } from './flip-byte.ts';
import { heldChild, heldSteps, hold, releaseWhenTold, type HeldStep } from './held-steps.ts';
import { leftBehind } from './left-behind.ts';
import { childOf, isAlive } from './processes.ts';
import { Random } from './random.ts';
import { resultHash } from './result-hash.ts';
import { runWithKills } from './run-with-kills.ts';
import { eventually } from './meet-step.ts';

/*
 * One experiment, by the built command with its real server, children and TensorFlow: left alone, killed (the short form
 * of `npm run test:faults`), and stopped, paused and cancelled at every stage. They run beside one another, as each waits
 * a good deal.
 */
jest.setTimeout(1_800_000); // minutes on a fast machine; what hangs is what it stops
/** Random places in each file at which a byte is changed. */
const PLACES = 5;
/** What is damaged of an artefact before it is read again. */
const filesOfStage: Readonly<Record<string, string>> = {
  ingest: 'shard-00000.arrow',
  trainNetwork: 'weights.safetensors',
  chooseImages: 'rows.json',
  markImages: 'shard-00000.arrow',
  joinVersions: 'shard-00000.arrow',
  fitReferences: 'references.json',
  publish: 'private/manifest.json',
};
/** From a pause or cancel that was accepted to the end of the child. A second is usual; the rest is for a busy machine. */
const WITHIN_MS = 5_000;
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

/** Stops a command at a step. */
async function ctrlC(run: Run, step: HeldStep, command: Command): Promise<void> {
  const child = await heldChild(run, step, command);
  command.process.kill('SIGINT');
  await releaseWhenTold(child);
  const told = expect.stringContaining('same command');
  expect([step, await command.ended, await command.printed()]).toEqual([step, 130, told]);
  expect(await leftBehind(run, { isUnfinished: true })).toEqual([]);
}

/** Pauses a run at a step, and resumes it. */
async function pauseAndResume(run: Run, step: HeldStep, command: Command): Promise<void> {
  const child = await heldChild(run, step, command);
  const release = releaseWhenTold(child);
  await control(run, command, 'pause');
  const asked = performance.now();
  await release;
  await eventually(() => childOf(run.store) === undefined);
  expectInTime('pause', step, asked);
  await control(run, command, 'resume', '--detach');
}

/** Cancels a run at a step, which ends the command. */
async function cancel(run: Run, step: HeldStep, command: Command): Promise<void> {
  const child = await heldChild(run, step, command);
  const release = releaseWhenTold(child);
  await control(run, command, 'cancel');
  const asked = performance.now();
  await release;
  await eventually(() => !isAlive(child));
  expectInTime('cancel', step, asked);
  const told = expect.stringContaining('was cancelled');
  expect([step, await command.ended, await command.printed()]).toEqual([step, 4, told]);
}

function expectInTime(request: string, step: HeldStep, asked: number): void {
  const ms = Math.round(performance.now() - asked);
  if (ms > WITHIN_MS) throw new Error(`${request} at ${step} took ${ms} ms`);
}

/** Gives a command for the run that another one shows. */
async function control(run: Run, shown: Command, ...words: string[]): Promise<void> {
  const [, id = ''] = /^(?:starting|taking up) (experiment-\w+)/m.exec(await shown.printed()) ?? [];
  const [name = '', ...flags] = words;
  await succeed(await run.command([name, id, ...flags, '--store', run.store]));
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

test.concurrent('Ctrl-C at every stage leaves nothing running, and the same command goes on', async () => {
  const run = scene.run('stopped');
  await hold(run, heldSteps[0]);
  let command = await run.start();
  for (const [i, step] of heldSteps.entries()) {
    await ctrlC(run, step, command);
    await hold(run, heldSteps[i + 1]);
    command = await run.start();
  }
  await succeed(command);
  expect(await resultHash(run.store, run.out)).toBe(await expected);
  expect(await leftBehind(run)).toEqual([]);
});

test.concurrent('pause and cancel are done within 5 s at every stage, and the run goes on', async () => {
  const run = scene.run('paused');
  const server = async (what: 'start' | 'stop'): Promise<void> =>
    succeed(await run.command(['server', what, '--store', run.store]));
  await server('start'); // so that a command that ends leaves it up, and the next one need not wait for another
  await hold(run, heldSteps[0]);
  let command = await run.start();
  for (const [i, step] of heldSteps.entries()) {
    await pauseAndResume(run, step, command);
    await cancel(run, step, command);
    await hold(run, heldSteps[i + 1]);
    command = await run.start();
  }
  await succeed(command);
  await server('stop');
  expect(await resultHash(run.store, run.out)).toBe(await expected);
  expect(await leftBehind(run)).toEqual([]);
});

test.concurrent('the demo, which generates its corpus, is interrupted as well while it does', async () => {
  const folder = join(scene.folder, 'demo');
  const run = new Run(scene, folder, join(folder, 'demos', 'store'));
  const demo = (): Promise<Command> => run.command(['demo', '--out', join(folder, 'demos')]);
  const step = 'generate-corpus progress';
  await hold(run, step);
  await ctrlC(run, step, await demo());
  const command = await demo();
  await pauseAndResume(run, step, command);
  await cancel(run, step, command);
  expect(await leftBehind(run, { isUnfinished: true })).toEqual([]);
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
    const made = new Set(['judge', 'calibrate', 'extractEvidence', 'writeReport']);
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
