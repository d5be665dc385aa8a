import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { findPart, makePart } from '@radiotracer/store';
import { linkOrCopy } from './link-or-copy.ts';

/** Bytes that a part has at least, but for the last: small files are kept together, as it takes a while to keep a part. */
const partBytes = 32 * 2 ** 20;

export interface PartsOptions {
  /** Where the files come from. */
  readonly dir: string;
  /** Relative to `dir`, in their order. */
  readonly names: readonly string[];
  readonly outputDir: string;
  /** Where parts are kept that are finished; without, all is one part, which is not kept. */
  readonly scratchDir: string | undefined;
  readonly signal: AbortSignal | undefined;
  /**
   * Writes what becomes of some of the files into a folder, which has the folders for them.
   *
   * @param firstRow - rows in the files before
   * @returns rows in these files
   */
  readonly write: (names: readonly string[], folder: string, firstRow: number) => Promise<number>;
}

/** Writes files one after the other. What an earlier call with the same scratch folder finished is not written again. */
export async function writeInParts(options: PartsOptions): Promise<void> {
  const { dir, names, outputDir, scratchDir, signal, write } = options;
  await makeFoldersOf(names, outputDir);
  if (scratchDir === undefined) {
    await write(names, outputDir, 0);
    return;
  }
  let number = 0;
  let rows = 0;
  for await (const part of inParts(dir, names)) {
    signal?.throwIfAborted();
    const name = `files-${number++}`;
    const firstRow = rows;
    const make = async (folder: string): Promise<number> => {
      await makeFoldersOf(part, folder);
      return write(part, folder, firstRow);
    };
    const { folder, facts } = (await findPart<number>(scratchDir, name)) ?? (await makePart(scratchDir, name, make));
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) await linkOrCopy(path, join(outputDir, relative(folder, path)));
    }
    rows += facts;
  }
}

async function makeFoldersOf(names: readonly string[], folder: string): Promise<void> {
  const folders = new Set(names.map((name) => dirname(join(folder, name))));
  for (const path of folders) await mkdir(path, { recursive: true });
}

/** A function of what the files are alone, so that it comes out the same at every attempt. */
async function* inParts(dir: string, names: readonly string[]): AsyncIterable<readonly string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const name of names) {
    part.push(name);
    bytes += (await stat(join(dir, name))).size;
    if (bytes < partBytes) continue;
    yield part;
    part = [];
    bytes = 0;
  }
  if (part.length > 0) yield part;
}
