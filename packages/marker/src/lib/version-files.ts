import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { MarkingRecord } from './types.ts';

/** The versions as files to be published, one after the other in the order of the shards' rows; `fileBytes` says where. */
const FILE = 'versions.bin';

export async function writeVersionFiles(folder: string, files: readonly Uint8Array[]): Promise<void> {
  await writeFile(join(folder, FILE), files);
}

/** Those of several folders, behind one another. */
export async function joinVersionFiles(folders: readonly string[], outputDir: string): Promise<void> {
  for (const folder of folders)
    await writeFile(join(outputDir, FILE), await readFile(join(folder, FILE)), { flag: 'a' });
}

/**
 * The files of chosen versions.
 *
 * @param published - of each image of the record, the version to read, [n]
 * @returns [n]; undefined where the record is of versions without files
 */
export async function readVersionFiles(
  folder: string,
  { images }: MarkingRecord,
  published: readonly number[],
): Promise<(Uint8Array | undefined)[]> {
  if (images.every(({ fileBytes }) => fileBytes === undefined)) return images.map(() => undefined);
  const file = await open(join(folder, FILE), 'r');
  try {
    const files: Uint8Array[] = [];
    let start = 0;
    for (const [i, { fileBytes = [] }] of images.entries()) {
      for (const [v, length] of fileBytes.entries()) {
        if (v === published[i]) files.push((await file.read(Buffer.alloc(length), 0, length, start)).buffer);
        start += length;
      }
    }
    return files;
  } finally {
    await file.close();
  }
}
