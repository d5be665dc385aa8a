/**
 * What share of a training's time its input takes: `node input.ts <size> <steps>`.
 *
 * `waiting` is the share of the time in which the main thread puts a batch together or waits for one, by V8's sampling
 * profiler: all else that it does is part of the step itself.
 */
import { Session } from 'node:inspector/promises';
import { printResult } from './print-result.ts';
import { shareOf } from './share-of.ts';
import { runTrainingSteps } from './training-steps.ts';

const [size = 0, steps = 0] = process.argv.slice(2).map(Number);
const profiler = new Session();
profiler.connect();
await profiler.post('Profiler.enable');
let starting: Promise<unknown> | undefined;
const rate = await runTrainingSteps({
  size,
  stem: 'imagenet',
  steps,
  onStart: () => {
    starting = profiler.post('Profiler.start');
  },
});
await starting;
const { profile } = await profiler.post('Profiler.stop');
printResult({ rate, waiting: shareOf(profile, ['augmentedBatch', '(idle)']) });
