import { realpath } from 'node:fs/promises';
import { CorpusNotFoundError } from './errors.ts';
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
  try {
    return await find(dir);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined || !(code in problems)) throw error;
    const place = path === undefined || path === dir ? '' : ` (${path})`;
    throw new CorpusNotFoundError(dir, `${problems[code]}${place}; name a folder that holds a corpus`);
  }
}

/** What the system says of a path that was meant to be a corpus. */
const problems: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is a file, not a folder',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'is a link that leads to itself',
  ENAMETOOLONG: 'is longer than a path may be',
};

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
