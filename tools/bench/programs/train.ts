/** Steps of the stage `trainNetwork`, input included: `node train.ts <size> <stem> <steps> [images in the corpus]`. */
import { printResult } from './print-result.ts';
import { runTrainingSteps, type TrainingSteps } from './training-steps.ts';

const [size = 0, steps = 0, images] = [process.argv[2], process.argv[4], process.argv[5]].map((text) =>
  text === undefined ? undefined : Number(text),
);
const stem = process.argv[3] as TrainingSteps['stem'];
printResult({ rate: await runTrainingSteps({ size, stem, steps, ...(images !== undefined && { images }) }) });
