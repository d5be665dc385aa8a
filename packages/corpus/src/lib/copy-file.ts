import { constants } from 'node:fs';
import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies a file of a corpus, writable even where the corpus is not.
 *
 * @throws Error with the code EEXIST if the copy would take the place of another file
 */
export async function copyCorpusFile(dir: string, outputDir: string, name: string): Promise<void> {
  const target = join(outputDir, name);
  await copyFile(join(dir, name), target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await chmod(target, 0o644);
}
