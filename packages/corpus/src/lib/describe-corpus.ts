import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { sha256File } from '@radiotracer/store';
import { findCorpus } from './find-corpus.ts';
import type { Corpus, CorpusFiles } from './types.ts';

/**
 * Recognises the corpus in a folder, checks that its files are all there and well formed (see `findCorpus`), and
 * computes its digest. Rows are not looked at: see `inspectCorpus`.
 *
 * @throws CorpusNotFoundError, CorpusError
 */
export async function describeCorpus(dir: string): Promise<Corpus> {
  const found = await findCorpus(dir);
  return { ...found, digest: await corpusDigest(found) };
}

/**
 * Hex SHA-256 over lines `<hex SHA-256 of the content>  <name>\n`, sorted by name. Reads every file of the corpus.
 */
export async function corpusDigest({ dir, splits, otherFiles }: CorpusFiles): Promise<string> {
  const digest = createHash('sha256');
  for (const name of [...Object.values(splits).flatMap(({ files }) => files), ...otherFiles].sort()) {
    digest.update(`${await sha256File(join(dir, name))}  ${name}\n`);
  }
  return digest.digest('hex');
}
