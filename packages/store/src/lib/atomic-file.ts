import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sync } from './sync.ts';

/**
 * Writes a file so that a reader finds the old content or the new one, whole, even after a power cut: written beside
 * the file under a hidden name, fsynced, renamed, and the folder fsynced. For checkpoints.
 *
 * @param path - its folder must exist
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const aside = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const handle = await open(aside, 'wx');
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await sync(dirname(path));
}
