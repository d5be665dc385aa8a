import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { generateKey, readKey } from '@radiotracer/carriers';
import { commandLine, defaults } from './command-line.ts';
import { InputError } from './errors.ts';
import { requireEmpty } from './places.ts';

/** A key file and the id of the key in it; the key itself stays where it is. */
export interface KeyFile {
  /** Absolute. */
  readonly path: string;
  readonly keyId: string;
  /** Whether this command made it. */
  readonly isNew: boolean;
}

/**
 * The key at a path. One is made only where none was asked for, at the default path: a name with a typo must not lead
 * to a second key.
 *
 * @param options.out - the folder of the run's result: with a new key it cannot be that of an earlier run
 * @throws KeyFileError if it is damaged, or others than its owner may read it; InputError if there is none at a path
 *   that was given; UsageError if the run would be refused for its folder
 */
export async function openKey(path: string, { out }: { readonly out?: string }): Promise<KeyFile> {
  const absolute = resolve(path);
  if (existsSync(absolute)) return { path: absolute, keyId: (await readKey(absolute)).keyId, isNew: false };
  if (absolute !== resolve(defaults.key)) {
    throw new InputError(`there is no key ${path}; make it with "${commandLine(['keygen', path], {})}"`);
  }
  if (out !== undefined) await requireEmpty(resolve(out));
  return makeKey(absolute);
}

/**
 * Makes a key in a new file, and the folders above it where they are missing.
 *
 * @throws KeyFileError if the file exists, or cannot be written; InputError if its folder cannot be made, or the path is that of a folder
 */
export async function makeKey(path: string): Promise<KeyFile> {
  if (path.endsWith('/')) {
    throw new InputError(`${path} names a folder; name a file in it that does not exist yet`);
  }
  const absolute = resolve(path);
  await mkdir(dirname(absolute), { recursive: true, mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(
      `${path} cannot be written: there is no folder ${dirname(path)}, and none can be made (${cause.code})`,
      {
        cause,
      },
    );
  });
  return { path: absolute, keyId: (await generateKey(absolute)).keyId, isNew: true };
}

/** What to tell of a key that a command made: its user did not ask for it. */
export function newKeyText({ path, keyId }: KeyFile): string {
  return `made a secret key: ${path} (id ${keyId.slice(0, 16)}…); without it nothing can be detected, so keep it safe`;
}
