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

/**
 * Images that one activity marks. Days of marking are so spread over all workers, and none holds more versions than
 * these in memory; most experiments have one part. A constant, as what is made must not depend on who makes it.
 */
const IMAGES_PER_PART = 512;

/** Ranges of at most `IMAGES_PER_PART` images that together are all. */
function partsOf(images: number): { start: number; end: number }[] {
  return Array.from({ length: Math.ceil(images / IMAGES_PER_PART) }, (_, part) => ({
    start: part * IMAGES_PER_PART,
    end: Math.min(images, (part + 1) * IMAGES_PER_PART),
  }));
}

/** Declares the steps that mark a corpus. */
export function markSteps(
  steps: Steps,
  corpus: Corpus,
  { keyId, architecture, training, marking, beacon }: Omit<MarkInput, 'corpus' | 'store' | 'locations'>,
): Pending<MarkResult> {
  const train = ingestStep(steps, 'ingest-train', corpus, corpus.trainSplit);
  const test = ingestStep(steps, 'ingest-test', corpus, corpus.testSplit);
  const markingNetwork = trainStep(steps, 'train-marking-network', { train, test, architecture, training });
  const { markedFraction, selection } = marking;
  const input = async () => ({ keyId, corpus: await train, markingNetwork: await markingNetwork });
  const chosen = steps.add('choose-images', 'chooseImages', async () => ({
    ...(await input()),
    marking: { markedFraction, selection },
  }));
  const parts = steps.addParts('mark-images', 'markImages', async () => {
    const shared = { ...(await input()), chosen: await chosen, marking };
    return partsOf(shared.chosen.facts.marked).map((part) => ({ ...shared, part }));
  });
  const versions = steps.add('join-versions', 'joinVersions', async () => ({ parts: await parts }));
  const publication = steps.add('publish', 'publish', async () => ({
    keyId,
    versions: await versions,
    source: await corpus.source,
    split: corpus.trainSplit,
    ...(beacon !== undefined && { beacon }),
  }));
  return { train, test, markingNetwork, versions, publication };
}
