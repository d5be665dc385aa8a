import { corpusStep, ingestStep, type Corpus } from './corpus-steps.ts';
import type { MarkInput, MarkResult } from './inputs.ts';
import { all, type Pending } from './pending.ts';
import { Steps } from './steps.ts';
import { trainStep } from './train.ts';

/** Marks a corpus: trains the marking network, makes versions of the chosen images, publishes one of each. */
export async function mark(input: MarkInput): Promise<MarkResult> {
  const steps = new Steps(input);
  return all(markSteps(steps, corpusStep(steps, input.corpus), input));
}

/** Declares the steps that mark a corpus. */
export function markSteps(
  steps: Steps,
  corpus: Corpus,
  { keyId, architecture, training, marking }: Omit<MarkInput, 'corpus' | 'store' | 'locations'>,
): Pending<MarkResult> {
  const train = ingestStep(steps, 'ingest-train', corpus, corpus.trainSplit);
  const test = ingestStep(steps, 'ingest-test', corpus, corpus.testSplit);
  const markingNetwork = trainStep(steps, 'train-marking-network', { train, test, architecture, training });
  const versions = steps.add('mark-images', 'markImages', async () => ({
    keyId,
    corpus: await train,
    markingNetwork: await markingNetwork,
    marking,
  }));
  const publication = steps.add('publish', 'publish', async () => ({
    keyId,
    versions: await versions,
    source: await corpus.source,
    split: corpus.trainSplit,
  }));
  return { train, test, markingNetwork, versions, publication };
}
