import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { tf } from '@radiotracer/nets';
import { type Artifact, RunStore, runStage, sha256File } from '@radiotracer/store';

import { readEvents } from '../../test/read-events.ts';
import { settings, tinyNetwork } from '../../test/settings.ts';
import { tinyCorpus } from '../../test/tiny-corpus.ts';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { trainNetwork } from './train-network.ts';
import type { NetworkFacts, TrainNetworkInput } from './types.ts';

jest.setTimeout(60_000);

const BATCH = 32;
/** Of an epoch. */
const STEPS = 6;
/** There are checkpoints after steps 4 and 8, and at the ends of both epochs. */
const CHECKPOINT_EVERY = 4;

const trainScript = fileURLToPath(new URL('../../test/run-training.ts', import.meta.url));

let folder: string;
let store: RunStore;
let input: TrainNetworkInput;
let undisturbed: Made;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-resume-'));
  store = await RunStore.open(folder);
  const training = settings({ epochs: 2, batchSize: BATCH, checkpointEvery: CHECKPOINT_EVERY });
  input = { ...(await tinyCorpus(store, { trainImages: STEPS * BATCH })), architecture: tinyNetwork, training };
  undisturbed = await made(await runStage(trainNetwork, input, { store }));
});
afterAll(() => rm(folder, { recursive: true }));

interface Made {
  readonly weights: string;
  readonly log: string;
  readonly facts: NetworkFacts;
  /** What TensorBoard shows, but for what depends on the clock. */
  readonly events: readonly (readonly [step: number, scalars: Readonly<Record<string, number>>])[];
}

/** What a training left. The artefact is dropped, so that the next run of the same input trains again. */
async function made(artifact: Artifact<NetworkFacts>): Promise<Made> {
  const dir = await store.verify(artifact);
  const weights = await sha256File(join(dir, 'weights.safetensors'));
  const log = await readFile(join(dir, 'log.jsonl'), 'utf8');
  const found = await readEvents(join(store.root, 'logs', artifact.stage, artifact.key, 'events.tfevents'));
  await store.drop(artifact);
  const events = found.map(({ step, scalars }) => [step, { ...scalars, images_per_second: 0 }] as const);
  return { weights, log, facts: artifact.facts, events };
}

/** Trains until `step` steps are done, and stops. */
async function stopAfter(step: number, of = input): Promise<void> {
  const abort = new AbortController();
  const report = ({ done }: { done: number }) => {
    if (done === step * BATCH) abort.abort(new Error('power cut'));
  };
  await expect(runStage(trainNetwork, of, { store, signal: abort.signal, report })).rejects.toThrow('power cut');
}

/** Goes on to the end; `from` is the number of steps that it found done. */
async function goOn(of = input): Promise<{ from: number; result: Made }> {
  const done: number[] = [];
  const artifact = await runStage(trainNetwork, of, { store, report: (progress) => done.push(progress.done) });
  return { from: (done[0] as number) / BATCH, result: await made(artifact) };
}

/** The checkpoint that a stopped training left. */
async function checkpointFile(): Promise<string> {
  await stopAfter(5);
  const [name] = await workingFolders();
  return join(store.root, 'working', name as string, 'scratch', 'checkpoint.sealed');
}

function workingFolders(): Promise<string[]> {
  return readdir(join(store.root, 'working'));
}

/** Changes the checkpoint of a training that stopped, and goes on. */
async function goOnAfter(change: (checkpoint: Checkpoint) => Checkpoint): Promise<Made> {
  const path = await checkpointFile();
  const checkpoint = (await loadCheckpoint(path)) as Checkpoint;
  const changed = change(checkpoint);
  await saveCheckpoint(path, changed);
  tf.dispose([checkpoint.parameters, checkpoint.velocities, changed.parameters, changed.velocities]);
  return (await goOn()).result;
}

describe('a training that was stopped and run again', () => {
  it.each([
    ['in an epoch, before any checkpoint', 2, 0],
    ['in an epoch, after a checkpoint', 5, 4],
    ['right at a checkpoint', 4, 4],
    ['at the end of an epoch', 6, 6],
    ['in the second epoch, before its first checkpoint', 7, 6],
    ['in the second epoch, after a checkpoint', 9, 8],
    ['after the last step', 12, 12],
  ])('%s, ends with the bits of one that never stopped', async (_, stop, expectedFrom) => {
    await stopAfter(stop);
    const { from, result } = await goOn();
    expect(from).toBe(expectedFrom); // it did go on, and did not start anew
    expect(result).toEqual(undisturbed);
  });

  it('three times, ends with the bits of one that never stopped', async () => {
    for (const step of [3, 5, 10]) await stopAfter(step);
    const { from, result } = await goOn();
    expect(from).toBe(8);
    expect(result).toEqual(undisturbed);
  });

  it('with all that may happen to images and labels, ends with the bits of one that never stopped', async () => {
    const augmentations = [
      { name: 'jpeg', quality: 75 },
      { name: 'blur', sigma: 0.5 },
      { name: 'resize', factor: 0.75 },
      { name: 'grey' },
      { name: 'randAugment', operations: 2, magnitude: 9 },
    ] as const;
    const changes = { augmentations, labelSmoothing: 0.1, mixup: 0.2, cutmix: 1 };
    const changing = { ...input, training: { ...input.training, ...changes } };
    const { result: whole } = await goOn(changing);
    await stopAfter(9, changing);
    const { from, result } = await goOn(changing);
    expect(from).toBe(8);
    expect(result).toEqual(whole);
    expect(whole.weights).not.toBe(undisturbed.weights);
  });

  it('by kill -9 ends with the bits of one that never stopped', async () => {
    const node = ['--conditions=@radiotracer/source', '--import', 'tsx', trainScript];
    const child = spawn(process.execPath, [...node, store.root, JSON.stringify(input)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exited = new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
    let progress = '';
    child.stderr.on('data', (data) => {
      progress += data;
      if (progress.includes(`done ${5 * BATCH}\n`)) child.kill('SIGKILL');
    });
    expect(await exited).toBe('SIGKILL');
    const { from, result } = await goOn();
    expect(from).toBeGreaterThanOrEqual(CHECKPOINT_EVERY);
    expect(from).toBeLessThan(2 * STEPS);
    expect(result).toEqual(undisturbed);
  });

  it('does not, if its momentum was lost', async () => {
    const { weights } = await goOnAfter(({ velocities, ...rest }) => ({
      ...rest,
      velocities: Object.fromEntries(Object.entries(velocities).map(([name, v]) => [name, tf.zerosLike(v)])),
    }));
    expect(weights).not.toBe(undisturbed.weights);
  });

  it('does not, if its running statistics were lost', async () => {
    const { weights } = await goOnAfter(({ parameters, ...rest }) => ({
      ...rest,
      parameters: { ...parameters, 'bn1.running_mean': tf.zerosLike(parameters['bn1.running_mean'] as tf.Tensor) },
    }));
    expect(weights).not.toBe(undisturbed.weights);
  });

  it('logs another loss, if its sums were lost', async () => {
    const { weights, log } = await goOnAfter(({ position, ...rest }) => ({
      ...rest,
      position: { ...position, lossSum: 0, correct: 0 },
    }));
    expect(weights).toBe(undisturbed.weights);
    expect(log).not.toBe(undisturbed.log);
  });

  it('goes on from the checkpoint before a damaged one, and starts anew where both are', async () => {
    const path = await checkpointFile(); // after step 4
    const damage = async (file: string): Promise<void> => {
      const bytes = await readFile(file);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
      await writeFile(file, bytes);
    };
    await stopAfter(9); // leaves those of steps 6 and 8
    await damage(path);
    expect(await goOn()).toEqual({ from: 6, result: undisturbed });

    await stopAfter(9);
    await damage(path);
    await damage(`${path}.previous`);
    expect(await goOn()).toEqual({ from: 0, result: undisturbed });
  });
});

describe('a training that was not stopped', () => {
  it('has events for every tenth step, at checkpoints, and after epochs', () => {
    expect(undisturbed.events.map(([step]) => step)).toEqual([4, 6, 6, 8, 10, 12, 12]);
  });

  it('gives the same bits again, and removes its checkpoint', async () => {
    expect(await goOn()).toEqual({ from: 0, result: undisturbed });
    expect(await workingFolders()).toEqual([]);
  });

  it('gives other bits with another seed', async () => {
    const other = { ...input, training: { ...input.training, seed: 2 } };
    expect((await made(await runStage(trainNetwork, other, { store }))).weights).not.toBe(undisturbed.weights);
  });

  it('gives the same bits however often it saves', async () => {
    const other = { ...input, training: { ...input.training, checkpointEvery: 1000 } };
    expect((await made(await runStage(trainNetwork, other, { store }))).weights).toBe(undisturbed.weights);
  });
});
