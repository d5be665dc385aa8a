import { realpath } from 'node:fs/promises';
import { CorpusNotFoundError } from './errors.ts';
import { explaining } from './explaining.ts';
import { layouts } from './layouts.ts';
import { listFiles } from './list-files.ts';
import type { CorpusFiles, CorpusLayout } from './types.ts';

/**
 * Recognises the corpus in a folder, and checks that its files are all there and well formed. Reads no more than
 * names, sizes, the footers of Parquet files and, where they name no classes, their labels.
 *
 * @throws CorpusNotFoundError if there is none (lists what would be valid), it may not be read, or a link leaves it
 * @throws CorpusError if a file is missing, cut off, or has other columns than a corpus needs
 */
export async function findCorpus(dir: string): Promise<CorpusFiles> {
  return explaining(dir, () => find(dir));
}

async function find(dir: string): Promise<CorpusFiles> {
  const root = await realpath(dir);
  const files = await listFiles(root);
  for (const [name, layout] of Object.entries(layouts) as [CorpusLayout, (typeof layouts)[CorpusLayout]][]) {
    const found = await layout.find(root, files);
    if (found) return { dir: root, layout: name, ...found };
  }
  const valid = Object.values(layouts).map(({ expected }) => expected);
  throw new CorpusNotFoundError(dir, `holds no corpus (${files.length} files); valid are ${valid.join('; or ')}`);
}
