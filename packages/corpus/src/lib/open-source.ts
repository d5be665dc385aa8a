import { join } from 'node:path';
import type { StageContext } from '@radiotracer/store';
import { describeCorpus } from './describe-corpus.ts';
import { CorpusNotFoundError } from './errors.ts';
import type { Corpus, CorpusSource } from './types.ts';

/**
 * The corpus that a stage's input names, found in `locations.corpus` or in an artefact.
 *
 * @throws CorpusNotFoundError if there is none, or its digest is not the one that the input names
 */
export async function openCorpusSource(
  source: CorpusSource,
  { locations, open }: Pick<StageContext, 'locations' | 'open'>,
): Promise<Corpus> {
  if ('artifact' in source) return describeCorpus(join(await open(source.artifact), source.folder));
  const dir = locations['corpus'];
  if (dir === undefined)
    throw new CorpusNotFoundError('locations.corpus', 'is not given; it must be the corpus’ folder');
  const corpus = await describeCorpus(dir);
  if (corpus.digest !== source.digest) {
    throw new CorpusNotFoundError(
      dir,
      `has the digest ${corpus.digest}, not ${source.digest}: it changed, or is another`,
    );
  }
  return corpus;
}
