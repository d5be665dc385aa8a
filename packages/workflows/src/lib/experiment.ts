import type { TrainingSettings, TrainLastLayerInput, TrainNetworkInput } from '@radiotracer/trainer';
import { corpusStep, ingestStep } from './corpus-steps.ts';
import { detectSteps } from './detect.ts';
import type { ExperimentInput, ExperimentResult } from './inputs.ts';
import { markSteps } from './mark.ts';
import { all, type Pending } from './pending.ts';
import { Steps } from './steps.ts';
import { trainStep } from './train.ts';

/** A student has its teacher's seed and so much: no other network of an experiment or a study has it. */
const SEEDS_OF_NETWORKS = 1_000_000;

/**
 * The whole chain: marks a corpus, trains a suspect on the published corpus and controls on the clean one, judges
 * them all and writes the report.
 */
export async function experiment({ store, locations, title, ...settings }: ExperimentInput): Promise<ExperimentResult> {
  const { suspectArchitecture: architecture = settings.architecture, training } = settings;
  const steps = new Steps({ store, locations });
  const corpus = corpusStep(steps, settings.corpus);
  const marked = markSteps(steps, corpus, { ...settings, training: training.marking });

  const publication = async () => ({ artifact: await marked.publication, folder: 'published' });
  const published = ingestStep(steps, 'ingest-published', { ...corpus, source: publication() }, corpus.trainSplit);
  // Could start with the marking network, but then settings that the marking refuses would be noticed hours later.
  const clean = published.then(() => marked.train);
  clean.catch(() => undefined); // seen by the steps that need it
  const { markingNetwork, test } = marked;
  const { pretraining } = training;
  const start =
    pretraining && trainStep(steps, 'pretrain', { train: clean, test, architecture, training: pretraining });
  const train = (name: string, train: Pending<TrainNetworkInput>['train'], training: TrainingSettings) => {
    const { layers, distillation } = settings;
    if (layers === 'last') {
      const { weightDecay, seed } = training;
      const privacy = settings.privacy && { privacy: { ...settings.privacy, seed } };
      const input = { network: markingNetwork, train, test, weightDecay, ...privacy };
      return steps.add(name, 'trainLastLayer', () => all<TrainLastLayerInput>(input));
    }
    const network = { test, architecture, training, ...(start && { start }) };
    if (!distillation) return trainStep(steps, name, { ...network, train });
    const { teacher, ...rest } = distillation;
    const taught = trainStep(steps, `${name}-teacher`, {
      ...{ train, test, architecture: settings.architecture },
      training: { ...teacher, seed: training.seed },
    });
    const learnt = taught.then((teacher) => ({ teacher, ...rest }));
    const student = { ...network, training: { ...training, seed: training.seed + SEEDS_OF_NETWORKS } };
    return trainStep(steps, name, { ...student, train: clean, distillation: learnt });
  };
  const suspect = train('train-suspect', published, training.suspect);
  const controls = training.controls.map((training, i) => {
    const name = i === 0 ? 'control' : `control-${i + 1}`;
    return { name, network: train(`train-${name}`, clean, training) };
  });

  const models = [{ name: 'suspect', network: suspect }, ...controls];
  const detected = detectSteps(steps, { ...settings, title, marked, models, settings });
  return all<ExperimentResult>({ ...marked, published, ...detected });
}
