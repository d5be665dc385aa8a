import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inParallel } from './in-parallel.ts';

/** File systems flush many files together, if they are asked together. */
const SYNCED_AT_ONCE = 16;

/** Flushes a file, or a folder's list of names, to the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Flushes a file, or a folder and all files and folders below it. Once it is renamed into place, and the folder above it
 * flushed, a power cut leaves it whole.
 */
export async function syncTree(path: string): Promise<void> {
  const isFolder = (await stat(path)).isDirectory();
  const below = isFolder ? await readdir(path, { recursive: true, withFileTypes: true }) : [];
  const paths = below
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  await inParallel(SYNCED_AT_ONCE, [...paths, path], sync);
}
