/**
 * Measures how fast this machine does each kind of work at the size of ImageNet: runs the real stages on a small
 * corpus of 224×224 images, and prints `rates.json`. Rates are those of the stages' own progress, from the first report
 * to the last: the first step, in which TensorFlow prepares its kernels, does not count.
 *
 *     node --conditions=@radiotracer/source --import tsx tools/scale/measure-rates.ts > tools/scale/rates.json
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from '@radiotracer/carriers';
import { runStage, RunStore, type Progress, type Stage } from '@radiotracer/store';
import { RateMeter } from '@radiotracer/worker';
import { stages } from '@radiotracer/worker/stages';
import type { StageArtifact, StageInput, StageName } from '@radiotracer/workflows';
import { trainingSettings, markingSettings } from './settings.ts';
import { transferRates } from './transfer-rates.ts';
import type { Rates } from './rates.ts';

const [trainImages, testImages, marked, steps] = [320, 32, 2, 10];
const base = await mkdtemp(join(tmpdir(), 'radiotracer-rates-'));
try {
  const store = await RunStore.open(join(base, 'store'));
  const key = join(base, 'publisher.key');
  const { keyId } = await generateKey(key);
  const rates: Partial<Record<StageName, number>> = {};
  const rateOf = (name: StageName): number => rates[name] as number;
  const run = async <Name extends StageName>(name: Name, input: StageInput<Name>): Promise<StageArtifact<Name>> => {
    const stage = (await stages[name]()) as unknown as Stage<StageInput<Name>, never>;
    const meter = new RateMeter();
    const report = (progress: Progress): void => void (rates[name] = meter.measure(progress).ratePerSecond);
    return (await runStage(stage, input, { store, locations: { key }, report })) as StageArtifact<Name>;
  };

  const generated = await run('generate', { classes: 10, trainImages, testImages, size: 224, seed: 1 });
  const source = { artifact: generated, folder: 'corpus' };
  const train = await run('ingest', { source, split: 'train' });
  const test = await run('ingest', { source, split: 'test' });
  const training = { ...trainingSettings, batchSize: 32, epochs: 1, warmupEpochs: 0, seed: 1 };
  const architecture = { name: 'resnet18', stem: 'imagenet', width: 64 } as const;
  const network = await run('trainNetwork', { train, test, architecture, training });
  const marking = { ...markingSettings, markedFraction: marked / trainImages, steps };
  const chosen = await run('chooseImages', { keyId, corpus: train, markingNetwork: network, marking });
  const part = { start: 0, end: chosen.facts.marked };
  const versions = await run('markImages', { keyId, corpus: train, markingNetwork: network, chosen, part, marking });

  const { machine } = (await store.describe(versions)).record;
  const measured: Rates = {
    machine: `${machine.cores} × ${machine.cpu}, Node ${machine.node}`,
    decodeImagesPerSecond: trainImages / (await store.describe(train)).record.seconds, // reports too seldom
    trainImagesPerSecond: rateOf('trainNetwork'),
    forwardImagesPerSecond: rateOf('chooseImages'),
    markImageStepsPerSecond: rateOf('markImages'),
    transfer: await transferRates(join(base, 'transfer')),
  };
  console.log(JSON.stringify(measured, null, 2));
} finally {
  await rm(base, { recursive: true });
}
