/**
 * The same small experiment through server, worker and child processes, or by its stages alone in this process:
 * `node experiment.ts temporal|bare`. The server and the worker run before the time starts; children start within it.
 */
import { join } from 'node:path';
import { generateKey } from '@radiotracer/carriers';
import { ingest } from '@radiotracer/corpus';
import { calibrate, extractEvidence, fitReferences, judge } from '@radiotracer/detector';
import { PAPER_MARKING } from '@radiotracer/marker';
import { writeReport } from '@radiotracer/report';
import { runStage, RunStore } from '@radiotracer/store';
import { trainNetwork } from '@radiotracer/trainer';
import { runWorker, startDevServer } from '@radiotracer/worker';
import { defaultTaskQueue, experiment, type ExperimentInput, type JudgedModel } from '@radiotracer/workflows';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { inTemporaryFolder } from './in-temporary-folder.ts';
import { markedCorpus } from './marked-corpus.ts';
import { printResult } from './print-result.ts';
import { trainingSettings } from './training-settings.ts';

const settings = {
  corpus: { generate: { classes: 10, trainImages: 3000, testImages: 1000, size: 32, seed: 1 } },
  architecture: { name: 'resnet18', stem: 'imagenet', width: 64 },
  marking: { ...PAPER_MARKING, versions: 5, steps: 20 },
  layers: 'all',
  training: { marking: trainingSettings(1), suspect: trainingSettings(2), controls: [trainingSettings(3)] },
  log10Level: -4,
  title: 'Bench',
} as const;

await inTemporaryFolder(async (folder) => {
  const key = join(folder, 'publisher.key');
  const { keyId } = await generateKey(key);
  const input = { ...settings, keyId, store: join(folder, 'store'), locations: { key } };
  const seconds = await (process.argv[2] === 'temporal' ? throughTemporal(input) : bare(input));
  const stages = await (await RunStore.open(input.store)).list();
  printResult({ rate: 1 / seconds, seconds, stages: stages.length });
});

async function throughTemporal(input: ExperimentInput): Promise<number> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await startDevServer();
  const worker = await runWorker({ address: server.address });
  const connection = await Connection.connect({ address: server.address });
  try {
    const { workflow } = new Client({ connection });
    const start = performance.now();
    await workflow.execute(experiment, { args: [input], workflowId: 'bench', taskQueue: defaultTaskQueue });
    return (performance.now() - start) / 1000;
  } finally {
    await connection.close();
    await worker.stop();
    await server.stop();
  }
}

/** The steps of the workflow `experiment`, in the order in which it takes them. */
async function bare({ store: path, locations, title, ...settings }: ExperimentInput): Promise<number> {
  const { keyId, architecture, training, log10Level } = settings;
  if (!('generate' in settings.corpus)) throw new Error('bench: the corpus has to be a generated one');
  const start = performance.now();
  const options = { store: await RunStore.open(path), locations };
  const marked = await markedCorpus({ ...settings, corpus: settings.corpus }, options);
  const { train, test, publication } = marked;
  const source = { artifact: publication, folder: 'published' };
  const published = await runStage(ingest, { source, split: 'train' }, options);
  const toFit = { markingNetwork: marked.markingNetwork, train, weightDecays: [2.5e-4, 2.5e-3] };
  const references = await runStage(fitReferences, toFit, options);
  const models: JudgedModel[] = [];
  const trainings = [
    { name: 'suspect', corpus: published, training: training.suspect },
    ...training.controls.map((training) => ({ name: 'control', corpus: train, training })),
  ];
  for (const { name, corpus, training } of trainings) {
    const network = await runStage(trainNetwork, { train: corpus, test, architecture, training }, options);
    const evidence = await runStage(extractEvidence, { ...marked, keyId, suspect: network, references }, options);
    const verdict = await runStage(judge, { evidence, name, log10Level, test: 'exact' }, options);
    models.push({ name, network, evidence, verdict });
  }
  const { versions, markingNetwork } = marked;
  const calibration = await runStage(
    calibrate,
    { models: models.map(({ name, evidence }) => ({ name, evidence })) },
    options,
  );
  const report = { title, settings, versions, publication, train, markingNetwork, models, calibration };
  await runStage(writeReport, report, options);
  return (performance.now() - start) / 1000;
}
