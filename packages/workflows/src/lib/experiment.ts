import { corpusStep, ingestStep } from './corpus-steps.ts';
import { detectSteps } from './detect.ts';
import type { ExperimentInput, ExperimentResult } from './inputs.ts';
import { markSteps } from './mark.ts';
import { all } from './pending.ts';
import { Steps } from './steps.ts';
import { trainStep } from './train.ts';

/**
 * The whole chain: marks a corpus, trains a suspect on the published corpus and controls on the clean one, judges
 * them all and writes the report.
 */
export async function experiment({ store, locations, title, ...settings }: ExperimentInput): Promise<ExperimentResult> {
  const { architecture, training } = settings;
  const steps = new Steps({ store, locations });
  const corpus = corpusStep(steps, settings.corpus);
  const marked = markSteps(steps, corpus, { ...settings, training: training.marking });

  const publication = async () => ({ artifact: await marked.publication, folder: 'published' });
  const published = ingestStep(steps, 'ingest-published', { ...corpus, source: publication() }, corpus.trainSplit);
  const suspect = trainStep(steps, 'train-suspect', {
    train: published,
    test: marked.test,
    architecture,
    training: training.suspect,
  });
  const controls = training.controls.map((training, i) => {
    const name = i === 0 ? 'control' : `control-${i + 1}`;
    const network = trainStep(steps, `train-${name}`, {
      // Could start with the marking network, but then settings that the marking refuses would be noticed hours later.
      train: published.then(() => marked.train),
      test: marked.test,
      architecture,
      training,
    });
    return { name, network };
  });

  const models = [{ name: 'suspect', network: suspect }, ...controls];
  const detected = detectSteps(steps, { ...settings, title, marked, models, settings });
  return all<ExperimentResult>({ ...marked, published, ...detected });
}
