import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles } from './manifest.ts';
import { readSealed, writeSealed } from './sealed-file.ts';
import { sha256File } from './sha256.ts';
import { syncTree } from './sync.ts';

/** Files that a stage has finished, kept in its scratch folder until all are: what `remember` is to bytes. */
export interface Part<Facts> {
  /** Files in it are never changed, so that the output may hold links to them. */
  readonly folder: string;
  /** JSON: what is to be known of the files without opening them. */
  readonly facts: Facts;
}

/** `<name>.sealed` in the scratch folder, beside the folder that it names. */
interface Seal<Facts> {
  readonly folder: string;
  readonly facts: Facts;
  /** Hex SHA-256 by path below the folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** The part that an earlier attempt kept; undefined if there is none, or if a bit of it is not as it was written. */
export async function findPart<Facts>(scratchDir: string, name: string): Promise<Part<Facts> | undefined> {
  const sealed = await readSealed(sealOf(scratchDir, name));
  if (!sealed) return undefined;
  const { folder, facts, files } = JSON.parse(sealed.toString()) as Seal<Facts>;
  for (const [path, expected] of Object.entries(files)) {
    const found = await sha256File(join(scratchDir, folder, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found !== expected) return undefined;
  }
  return { folder: join(scratchDir, folder), facts };
}

/**
 * Makes a part and keeps it: its files are fsynced, its folder renamed, and last of all a seal with their SHA-256 written.
 *
 * @param name - what `findPart` will find it by, within the stage
 * @param make - writes files into the folder, which is empty and must not be used afterwards
 */
export async function makePart<Facts>(
  scratchDir: string,
  name: string,
  make: (folder: string) => Promise<Facts>,
): Promise<Part<Facts>> {
  await removeUnfinished(scratchDir, name);
  // Its own, so that a process that was taken for dead and wakes up does not write where its successor does.
  const folder = `${name}.${randomUUID()}`;
  const aside = join(scratchDir, `.${folder}`);
  await mkdir(aside);
  try {
    const facts = await make(aside);
    await syncTree(aside);
    const files: Record<string, string> = {};
    for (const path of await listFiles(aside)) files[path] = await sha256File(join(aside, path));
    await rename(aside, join(scratchDir, folder));
    const seal: Seal<Facts> = { folder, facts, files };
    await writeSealed(sealOf(scratchDir, name), JSON.stringify(seal)); // fsyncs the scratch folder too
    return { folder: join(scratchDir, folder), facts };
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}

function sealOf(scratchDir: string, name: string): string {
  return join(scratchDir, `${name}.sealed`);
}

/** What attempts that were killed left of a part. */
async function removeUnfinished(scratchDir: string, name: string): Promise<void> {
  for (const entry of await readdir(scratchDir)) {
    if (entry.startsWith(`.${name}.`)) await rm(join(scratchDir, entry), { recursive: true, force: true });
  }
}
