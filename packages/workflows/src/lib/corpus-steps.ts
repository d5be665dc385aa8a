import type { CorpusSource, ShardsFacts } from '@radiotracer/corpus';
import type { Artifact } from '@radiotracer/store';
import type { CorpusInput } from './inputs.ts';
import type { Steps } from './steps.ts';

/** A corpus that may still have to be generated. */
export interface Corpus {
  readonly source: Promise<CorpusSource>;
  readonly trainSplit: string;
  readonly testSplit: string;
  readonly height?: number;
  readonly width?: number;
}

/** Finds the corpus, or generates it. */
export function corpusStep(steps: Steps, corpus: CorpusInput): Corpus {
  if ('digest' in corpus) {
    const { digest, ...rest } = corpus;
    return { source: Promise.resolve({ digest }), ...rest };
  }
  const generated = steps.add('generate-corpus', 'generate', async () => corpus.generate);
  const source = generated.then((artifact) => ({ artifact, folder: 'corpus' }));
  source.catch(() => undefined); // seen by the steps that need it
  return { source, trainSplit: 'train', testSplit: 'test' };
}

/** Decodes one split of a corpus. */
export function ingestStep(
  steps: Steps,
  name: string,
  { source, height, width }: Corpus,
  split: string,
): Promise<Artifact<ShardsFacts>> {
  return steps.add(name, 'ingest', async () => ({ source: await source, split, height, width }));
}
