import { existsSync } from 'node:fs';
import { join, parse, resolve } from 'node:path';
import { readKey } from '@radiotracer/carriers';
import { makeKey } from './open-key.ts';

/** Folder of the keys of a study: beside its file, named after it. */
export function studyKeysFolder(path: string): string {
  const { dir, name } = parse(resolve(path));
  return join(dir, `${name}.keys`);
}

/**
 * Ids of the keys of a study's runs. Those that are missing are made; one that is there is kept, as a study that is given
 * again goes on. They are keys for experiments: no release may be marked with them.
 *
 * @throws KeyFileError if one is damaged, or others than its owner may read it
 */
export async function studyKeys(folder: string, runs: number): Promise<string[]> {
  const ids: string[] = [];
  for (let run = 1; run <= runs; run++) {
    const path = join(folder, `run-${run}.key`);
    const { keyId } = existsSync(path) ? await readKey(path) : await makeKey(path);
    ids.push(keyId);
  }
  return ids;
}
