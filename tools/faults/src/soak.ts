/**
 * The soak: many tiny experiments in a row through one server and worker, and what that leaves in memory, in histories
 * and on the disk. Writes `docs/results/faults.json` and `faults.md`.
 *
 *     npm run test:soak -- [--experiments 200]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { generateKey } from '@radiotracer/carriers';
import { defaultTaskQueue, experiment, type ExperimentInput } from '@radiotracer/workflows';
import { listing, processesNaming, processesOf } from './processes.ts';
import { machine, saveResults, type SoakSample } from './results.ts';

/** The first of so many experiments computes with the real stages: TensorFlow, a key, images. */
const REAL_EVERY = 25;
const SAVE_EVERY = 10;

const { values: flags } = parseArgs({ options: { experiments: { type: 'string', default: '200' } } });
const experiments = Number(flags.experiments);

const folder = await mkdtemp(join(tmpdir(), 'radiotracer-soak-'));
const [store, temporary, key] = [join(folder, 'store'), join(folder, 'tmp'), join(folder, 'publisher.key')];
await mkdir(temporary);
await mkdir(join(store, 'temporal'), { recursive: true });
const { keyId } = await generateKey(key);

const server = fork(
  fileURLToPath(new URL('./soak-server.mjs', import.meta.url)),
  [join(store, 'temporal', 'temporal.sqlite')],
  {
    execArgv: [], // the built worker, as people run it
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  },
);
const [address] = (await once(server, 'message')) as [string];
const connection = await Connection.connect({ address });
const { workflow } = new Client({ connection });

const where = machine();
const samples: SoakSample[] = [];
for (let i = 1; i <= experiments; i++) {
  const isReal = i % REAL_EVERY === 1;
  const begun = performance.now();
  const handle = await workflow.start(experiment, {
    taskQueue: defaultTaskQueue,
    workflowId: `soak-${i}`,
    args: [inputOf(i, isReal)],
  });
  await handle.result();
  const { historyLength, historySize } = await handle.describe();
  samples.push({
    isReal,
    seconds: (performance.now() - begun) / 1000,
    workerMiB: residentMiB(server.pid),
    temporalMiB: residentMiB(processesOf(store).server),
    events: historyLength,
    historyBytes: historySize ?? 0,
  });
  if (i % SAVE_EVERY !== 0 && i !== experiments) continue;
  await saveResults({ soak: { ...where, samples, leftBehind: undefined } });
  console.log(i, JSON.stringify(samples.at(-1)));
}

await connection.close();
server.send('stop');
await once(server, 'exit');
const leftBehind = [
  ...listing(join(store, 'working')).map((name) => `working/${name}`),
  ...(await readdir(temporary)).map((name) => `temporary file ${name}`),
  ...processesNaming(folder).map((pid) => `process ${pid}`),
];
await saveResults({ soak: { ...where, samples, leftBehind } });
console.log(`left behind: ${leftBehind.join(', ') || 'nothing'}`);
await rm(folder, { recursive: true });

function inputOf(seed: number, isReal: boolean): ExperimentInput {
  const training = {
    epochs: 1,
    batchSize: 20,
    learningRate: 0.1,
    momentum: 0.9,
    weightDecay: 5e-4,
    schedule: { name: 'cosine' },
    warmupEpochs: 0,
    cropPadding: 0,
    horizontalFlip: true,
    checkpointEvery: 2,
  } as const;
  return {
    store,
    locations: { key, ...(isReal && { real: 'yes' }) },
    corpus: { generate: { classes: 2, trainImages: 100, testImages: 20, size: 16, seed } },
    keyId,
    architecture: { name: 'resnet18', stem: 'small', width: 4 },
    marking: {
      markedFraction: 0.1,
      selection: 'random',
      versions: 4,
      carrierUnit: 'image',
      radius: 8,
      lambdaFeatureL2: 0.01,
      lambdaImageL2: 0.0005,
      optimizer: 'adam',
      learningRate: 1,
      steps: 3,
      cropPadding: 0,
      horizontalFlip: false,
      seed,
    },
    layers: 'all',
    training: {
      marking: { ...training, seed },
      suspect: { ...training, seed: seed + 1_000 },
      controls: [{ ...training, seed: seed + 2_000 }],
    },
    log10Level: -4,
    title: `Soak ${seed}`,
  };
}

/** Resident memory of a process, from proc(5). */
function residentMiB(pid: number | undefined): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1024);
}
