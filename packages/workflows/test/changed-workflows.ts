import type { TrainInput } from '../src/lib/inputs.ts';
import { Steps } from '../src/lib/steps.ts';

/** `train` as somebody might change it: the test split first. */
export async function train(input: TrainInput): Promise<void> {
  const steps = new Steps(input);
  const source = { digest: 'd' };
  await steps.add('ingest-test', 'ingest', async () => ({ source, split: 'test' }));
  await steps.add('ingest-train', 'ingest', async () => ({ source, split: 'train' }));
}
