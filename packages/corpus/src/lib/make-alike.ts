import { chmod, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** When all files were changed, as they say. A ZIP file can hold no time before 1980, of any time zone. */
const changedAt = new Date('1980-02-01T00:00:00Z');

/** Takes from files and folders what would tell copies from new files, or in which folders work was done. */
export async function makeAlike(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) await chmod(path, 0o644);
    await utimes(path, changedAt, changedAt);
  }
}
