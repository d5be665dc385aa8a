/**
 * Steps of the stage `trainNetwork`, input included: `node train.ts <size> <stem> <steps> [images in the corpus]`.
 *
 * `waiting` is the share of the time in which the main thread puts a batch together or waits for one, by V8's sampling
 * profiler: all else that it does is part of the step itself.
 */
import { Session } from 'node:inspector/promises';
import { trainNetwork } from '@radiotracer/trainer';
import { inTemporaryFolder } from './in-temporary-folder.ts';
import { printResult } from './print-result.ts';
import { randomShards, shardsArtifact } from './random-shards.ts';
import { shareOf } from './share-of.ts';
import { stageContext } from './stage-context.ts';
import { trainingSettings } from './training-settings.ts';

const batchSize = 128;
const warmUp = 2;
const [size = 0, steps = 0] = [process.argv[2], process.argv[4]].map(Number);
const stem = process.argv[3] as 'imagenet' | 'small';
const images = Number(process.argv[5] ?? (warmUp + steps + 1) * batchSize);
const epochs = Math.ceil(((warmUp + steps + 1) * batchSize) / images);
const training = { ...trainingSettings(1), epochs, batchSize };

await inTemporaryFolder(async (folder) => {
  await randomShards(folder, images, size);
  const corpus = shardsArtifact(images, size);
  const architecture = { name: 'resnet18', stem, width: 64 } as const;
  const enough = new AbortController();
  const profiler = new Session();
  profiler.connect();
  await profiler.post('Profiler.enable');
  let starting: Promise<unknown> | undefined;
  const doneAt: number[] = [];
  const context = stageContext(folder, {
    open: () => Promise.resolve(folder),
    signal: enough.signal,
    report: () => {
      doneAt.push(performance.now());
      if (doneAt.length === warmUp) starting = profiler.post('Profiler.start');
      if (doneAt.length === warmUp + steps) enough.abort();
    },
  });
  await trainNetwork.run({ train: corpus, test: corpus, architecture, training }, context).catch((error: unknown) => {
    if (!enough.signal.aborted) throw error;
  });
  await starting;
  const { profile } = await profiler.post('Profiler.stop');
  const seconds = ((doneAt[warmUp + steps - 1] as number) - (doneAt[warmUp - 1] as number)) / 1000;
  printResult({ rate: (steps * batchSize) / seconds, waiting: shareOf(profile, ['augmentedBatch', '(idle)']) });
});
