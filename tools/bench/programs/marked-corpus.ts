import { type GenerateInput, generate, generatedFolder, ingest } from '@radiotracer/corpus';
import { chooseImages, joinVersions, markImages, type MarkingSettings, publish } from '@radiotracer/marker';
import { runStage, type RunStageOptions } from '@radiotracer/store';
import { type Architecture, trainNetwork, type TrainingSettings } from '@radiotracer/trainer';
import type { MarkResult } from '@radiotracer/workflows';

export interface MarkedCorpusSettings {
  readonly corpus: { readonly generate: GenerateInput };
  readonly keyId: string;
  readonly architecture: Architecture;
  readonly marking: MarkingSettings;
  readonly training: { readonly marking: TrainingSettings };
}

/** The stages of the workflow `mark`, one after the other in this process. */
export async function markedCorpus(
  { corpus, keyId, architecture, marking, training }: MarkedCorpusSettings,
  options: RunStageOptions,
): Promise<MarkResult> {
  const source = { artifact: await runStage(generate, corpus.generate, options), folder: generatedFolder };
  const train = await runStage(ingest, { source, split: 'train' }, options);
  const test = await runStage(ingest, { source, split: 'test' }, options);
  const markingNetwork = await runStage(
    trainNetwork,
    { train, test, architecture, training: training.marking },
    options,
  );
  const input = { keyId, corpus: train, markingNetwork, marking };
  const chosen = await runStage(chooseImages, input, options);
  const part = { start: 0, end: chosen.facts.marked };
  const marked = await runStage(markImages, { ...input, chosen, part }, options);
  const versions = await runStage(joinVersions, { parts: [marked] }, options);
  const publication = await runStage(publish, { keyId, versions, source, split: 'train' }, options);
  return { train, test, markingNetwork, versions, publication };
}
