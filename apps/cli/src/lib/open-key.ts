import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { generateKey, readKey } from '@radiotracer/carriers';
import type { ProgressView } from './progress-view.ts';

/** A key file and the id of the key in it; the key itself stays where it is. */
export interface KeyFile {
  readonly path: string;
  readonly keyId: string;
}

/**
 * The key at a path, made if there is none, which is said.
 *
 * @throws KeyFileError if it is damaged, or others than its owner may read it
 */
export async function ensureKey(path: string, view: Pick<ProgressView, 'note'>): Promise<KeyFile> {
  const absolute = resolve(path);
  if (existsSync(absolute)) return { path: absolute, keyId: (await readKey(absolute)).keyId };
  await mkdir(dirname(absolute), { recursive: true });
  const { keyId } = await generateKey(absolute);
  view.note(
    `made a secret key: ${absolute} (id ${keyId.slice(0, 16)}…); without it nothing can be detected, so keep it safe`,
  );
  return { path: absolute, keyId };
}
