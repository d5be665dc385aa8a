import { corpusStep, ingestStep } from '../src/lib/corpus-steps.ts';
import type { TrainInput } from '../src/lib/inputs.ts';
import { Steps } from '../src/lib/steps.ts';

/** `train` as somebody might change it: the test split first. */
export async function train({ corpus, ...where }: TrainInput): Promise<void> {
  const steps = new Steps(where);
  const source = corpusStep(steps, corpus);
  const test = ingestStep(steps, 'ingest-test', source, source.testSplit);
  const train = ingestStep(steps, 'ingest-train', source, source.trainSplit);
  await Promise.all([test, train]);
}
