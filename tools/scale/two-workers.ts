/**
 * Measures how long one small experiment takes with one worker and with two, each held to one core and with a cache of
 * its own, on a store in a bucket. Build first; then:
 *
 *     node --conditions=@radiotracer/source --import tsx tools/scale/two-workers.ts [1 2 1 2 ...]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { generateKey } from '@radiotracer/carriers';
import { startS3Server } from '@radiotracer/testing';
import { startDevServer } from '@radiotracer/worker';
import { defaultTaskQueue, experiment, type ExperimentInput } from '@radiotracer/workflows';
import { markingSettings, trainingSettings } from './settings.ts';

const cli = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));
const counts = process.argv.slice(2).map(Number);

for (const workers of counts.length > 0 ? counts : [1, 2]) {
  console.log(`${workers} worker(s): ${(await measure(workers)).toFixed(1)} s`);
}

/** Seconds from the start of an experiment to its result, all workers being up. */
async function measure(count: number): Promise<number> {
  const base = await mkdtemp(join(tmpdir(), 'radiotracer-scale-'));
  const s3 = await startS3Server();
  const server = await startDevServer();
  const connection = await Connection.connect({ address: server.address });
  const workers = Array.from({ length: count }, (_, core) => {
    const words = ['worker', '--address', server.address, '--cache', join(base, `cache-${core}`)];
    return spawn('taskset', ['--cpu-list', `${core}`, process.execPath, cli, ...words], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  });
  try {
    await s3.makeBucket('runs');
    await Promise.all(workers.map(({ stderr }) => once(stderr, 'data'))); // "working for …"
    const key = join(base, 'publisher.key');
    const { keyId } = await generateKey(key);
    const { workflow } = new Client({ connection });
    const args: [ExperimentInput] = [experimentInput('s3://runs/tiny', key, keyId)];
    const start = performance.now();
    await workflow.execute(experiment, { taskQueue: defaultTaskQueue, workflowId: 'tiny', args });
    return (performance.now() - start) / 1000;
  } finally {
    const ended = workers.map((worker) => once(worker, 'exit'));
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(ended);
    await connection.close();
    await server.stop();
    await s3.stop();
    await rm(base, { recursive: true });
  }
}

/** Most of it is the training of suspect and control, as in a large one. */
function experimentInput(store: string, key: string, keyId: string): ExperimentInput {
  const changes = { epochs: 20, batchSize: 64, learningRate: 0.05, weightDecay: 5e-4, checkpointEvery: 50 };
  const training = { ...trainingSettings, ...changes };
  return {
    store,
    locations: { key },
    corpus: { generate: { classes: 10, trainImages: 1000, testImages: 200, size: 32, seed: 1 } },
    keyId,
    architecture: { name: 'resnet18', stem: 'imagenet', width: 32 },
    marking: { ...markingSettings, markedFraction: 0.02, versions: 4, radius: 16, learningRate: 0.1, steps: 20 },
    layers: 'all',
    training: {
      marking: { ...training, epochs: 4, seed: 1 },
      suspect: { ...training, seed: 2 },
      controls: [{ ...training, seed: 3 }],
    },
    log10Level: -4,
    title: 'A tiny experiment',
  };
}
