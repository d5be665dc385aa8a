import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CorpusNotFoundError } from './errors.ts';

/**
 * Every file below a folder but hidden ones, relative to it, `/` between the parts of a name, sorted by code unit.
 *
 * @param root - a real path
 * @throws CorpusNotFoundError if there is a link that leads out of the folder, or to a folder; or a pipe or socket
 */
export async function listFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path).split(sep).join('/');
    if (name.split('/').some((part) => part.startsWith('.'))) continue;
    if (entry.isSymbolicLink()) {
      const target = await realpath(path).catch(() => 'nothing');
      if (!target.startsWith(root + sep) || !(await stat(target)).isFile()) {
        const rule = 'links may lead only to files inside the folder; copy what it leads to';
        throw new CorpusNotFoundError(root, `has a link ${name} to ${target}; ${rule}`);
      }
    }
    if (entry.isFile() || entry.isSymbolicLink()) files.push(name);
    else if (!entry.isDirectory()) {
      throw new CorpusNotFoundError(root, `has ${name}, which is neither a file nor a folder; remove it`);
    }
  }
  return files.sort();
}
