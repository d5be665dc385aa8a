import { constants } from 'node:fs';
import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Copies a file of a corpus, without its permissions: those of a read-only corpus would tell copies from new files. */
export async function copyCorpusFile(dir: string, outputDir: string, name: string): Promise<void> {
  const target = join(outputDir, name);
  await copyFile(join(dir, name), target, constants.COPYFILE_FICLONE);
  await chmod(target, 0o644);
}
