import type { AnswersFacts, StoppingRule } from '@radiotracer/detector';
import type { Artifact } from '@radiotracer/store';
import type { NetworkFacts } from '@radiotracer/trainer';
import type { MarkResult, NamedModel } from './inputs.ts';
import type { Pending } from './pending.ts';
import type { Steps } from './steps.ts';

/** A suspect of any kind; a network may still be being trained. */
export type PendingSuspect = NamedModel | { readonly network: Promise<Artifact<NetworkFacts>> };

/** What can be judged. */
export type Judgeable =
  | { readonly network: Artifact<NetworkFacts> | Promise<Artifact<NetworkFacts>> }
  | { readonly answers: Promise<Artifact<AnswersFacts>> };

/** Whether it has a last layer, or answers that stand in for it, so that white-box tests can be done. */
export function hasLastLayer(suspect: PendingSuspect): boolean {
  return 'network' in suspect || 'weightsSha256' in suspect || 'onnx' in suspect;
}

/** Declares the step, if there is one, that makes a suspect fit to be judged. */
export function suspectStep(
  steps: Steps,
  {
    keyId,
    marked,
    stopping,
  }: {
    readonly keyId: string;
    readonly marked: Pending<MarkResult>;
    /** Where a suspect that must be asked is asked no more than needed. */
    readonly stopping: StoppingRule | undefined;
  },
  { name, ...suspect }: { readonly name: string } & PendingSuspect,
): Judgeable {
  if ('network' in suspect) return suspect;
  if ('weightsSha256' in suspect) {
    const { weightsSha256 } = suspect;
    const input = async () => ({ weightsSha256, test: await marked.test });
    return { network: steps.add(`import-${name}`, 'importNetwork', input) };
  }
  if ('onnx' in suspect) {
    const { onnx } = suspect;
    const input = async () => ({
      keyId,
      versions: await marked.versions,
      publication: await marked.publication,
      test: await marked.test,
      onnx,
    });
    return { answers: steps.add(`ask-onnx-${name}`, 'askOnnx', input) };
  }
  const shared = async () => ({ keyId, publication: await marked.publication, train: await marked.train });
  if ('tableSha256' in suspect) {
    const { tableSha256 } = suspect;
    const input = async () => ({ ...(await shared()), tableSha256 });
    return { answers: steps.add(`read-answers-${name}`, 'readAnswers', input) };
  }
  const { endpoint } = suspect;
  const input = async () => ({
    ...(await shared()),
    versions: await marked.versions,
    endpoint,
    ...(stopping && { anytime: { ...stopping, markingNetwork: await marked.markingNetwork } }),
  });
  return { answers: steps.add(`ask-endpoint-${name}`, 'askEndpoint', input) };
}
