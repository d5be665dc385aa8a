import { CorpusNotFoundError } from './errors.ts';

/** What the system says of a path that cannot be a corpus, or a part of one. Other errors may pass. */
const problems: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is a file, not a folder',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'is a link that leads to itself',
  ENAMETOOLONG: 'is longer than a path may be',
};

/**
 * Reads something of the corpus in a folder.
 *
 * @throws CorpusNotFoundError if the system refuses to read it, and always will; other errors as they are
 */
export async function explaining<T>(dir: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code = '', path } = error as NodeJS.ErrnoException;
    const problem = problems[code];
    if (problem === undefined) throw error;
    const file = path === undefined || path === dir ? '' : `; that is ${path}`;
    throw new CorpusNotFoundError(dir, `${problem}${file}; name a folder that holds a corpus`);
  }
}
