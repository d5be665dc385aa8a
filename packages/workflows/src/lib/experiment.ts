import type { TrainingSettings, TrainNetworkInput } from '@radiotracer/trainer';
import { corpusStep, ingestStep } from './corpus-steps.ts';
import { detectSteps } from './detect.ts';
import type { ExperimentInput, ExperimentResult } from './inputs.ts';
import { markSteps } from './mark.ts';
import { all, type Pending } from './pending.ts';
import { Steps } from './steps.ts';
import { lastLayerStep, trainStep } from './train.ts';

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
  const train = (name: string, train: Pending<TrainNetworkInput>['train'], training: TrainingSettings) => {
    const { markingNetwork: network, test } = marked;
    if (settings.layers === 'all') return trainStep(steps, name, { train, test, architecture, training });
    const { weightDecay } = training;
    return lastLayerStep(steps, name, { network, train, test, weightDecay });
  };
  const suspect = train('train-suspect', published, training.suspect);
  const controls = training.controls.map((training, i) => {
    const name = i === 0 ? 'control' : `control-${i + 1}`;
    // Could start with the marking network, but then settings that the marking refuses would be noticed hours later.
    const corpus = published.then(() => marked.train);
    return { name, network: train(`train-${name}`, corpus, training) };
  });

  const models = [{ name: 'suspect', network: suspect }, ...controls];
  const detected = detectSteps(steps, { ...settings, title, marked, models, settings });
  return all<ExperimentResult>({ ...marked, published, ...detected });
}
