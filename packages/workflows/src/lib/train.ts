import type { Artifact } from '@radiotracer/store';
import type { NetworkFacts, TrainNetworkInput } from '@radiotracer/trainer';
import { corpusStep, ingestStep } from './corpus-steps.ts';
import type { TrainInput, TrainResult } from './inputs.ts';
import { all, type Pending } from './pending.ts';
import { Steps } from './steps.ts';

/** Trains one network on a corpus. */
export async function train({ corpus, architecture, training, ...where }: TrainInput): Promise<TrainResult> {
  const steps = new Steps(where);
  const source = corpusStep(steps, corpus);
  const train = ingestStep(steps, 'ingest-train', source, source.trainSplit);
  const test = ingestStep(steps, 'ingest-test', source, source.testSplit);
  const network = trainStep(steps, 'train-network', { train, test, architecture, training });
  return all<TrainResult>({ train, test, network });
}

/** Declares the training of a network. */
export function trainStep(
  steps: Steps,
  name: string,
  input: Pending<TrainNetworkInput>,
): Promise<Artifact<NetworkFacts>> {
  return steps.add(name, 'trainNetwork', () => all<TrainNetworkInput>(input));
}
