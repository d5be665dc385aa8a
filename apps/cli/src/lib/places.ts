import { access, constants, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { isS3 } from '@radiotracer/store';
import { UsageError } from './errors.ts';
import { isId, validId } from './run-id.ts';

/** What a command was told of where its work lies, as it was typed. */
export interface Places {
  readonly store: string;
  readonly out?: string;
  readonly id?: string;
  readonly key?: string;
  /** Folder of a study's keys, which follows from its file. */
  readonly keys?: string;
  readonly corpus?: string;
}

/**
 * Checks the places of a run before anything is made in them.
 *
 * @throws UsageError if the id cannot name a folder; if a folder is a file, or may not be written to; if the store is a
 *   folder of something else; or if key, store or result lie in the corpus, with which they might be released
 */
export async function checkPlaces({ store, out, id, key, keys, corpus }: Places): Promise<void> {
  if (id !== undefined && !isId(id)) throw new UsageError(`--id: found "${id}", expected ${validId}`);
  const folders = { ...(!isS3(store) && { '--store': store }), ...(out !== undefined && { '--out': out }) };
  for (const [flag, path] of Object.entries(folders)) await requireWritable(flag, path);
  if (!isS3(store)) await requireStore(store);
  if (corpus === undefined) return;
  const corpusPlace = await realPlace(corpus);
  // Without --out the results go to runs/, which may lie in the corpus just as well.
  const secrets = {
    ...folders,
    '--out': out ?? 'runs',
    ...(key !== undefined && { '--key': key }),
    ...(keys !== undefined && { 'keys of the study': keys }),
  };
  for (const [flag, path] of Object.entries(secrets)) {
    if (!isInside(await realPlace(path), corpusPlace)) continue;
    throw new UsageError(
      `${flag}: ${path} lies in the corpus ${corpus}, with which it might be released; choose a place outside`,
    );
  }
}

/** @throws UsageError if a folder is there and holds something */
export async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return;
  throw new UsageError(`${folder} is not empty and belongs to another run; choose another folder with --out`);
}

/** Checks that a store is not a file, or under one: of commands that only read it. @throws UsageError */
export async function requireNoFile(store: string): Promise<void> {
  if (!isS3(store)) await requireFolder('--store', store);
}

/**
 * The folder at a path, or else the one in which it would be made.
 *
 * @throws UsageError if there is a file in its place
 */
async function requireFolder(flag: string, path: string): Promise<string> {
  for (let place = resolve(path); ; place = dirname(place)) {
    const found = await stat(place).catch(() => undefined);
    if (found?.isDirectory()) return place;
    if (found) throw new UsageError(`${flag}: found ${path}, expected a folder; ${place} is a file`);
  }
}

async function requireWritable(flag: string, path: string): Promise<void> {
  const folder = await requireFolder(flag, path);
  await access(folder, constants.W_OK | constants.X_OK).catch(({ code }: NodeJS.ErrnoException) => {
    throw new UsageError(`${flag}: found ${path}, expected a folder to write to; ${folder} is none (${code})`);
  });
}

/** Folders that a store has, some from the first moment. */
const storeFolders = ['artifacts', 'working', 'temporal', 'logs', 'runs'];

/** So that a typed path does not strew a store over a folder of something else. */
async function requireStore(path: string): Promise<void> {
  const names = (await readdir(path).catch(() => [])).filter((name) => !name.startsWith('.') && name !== 'lost+found');
  if (names.length === 0 || names.some((name) => storeFolders.includes(name))) return;
  throw new UsageError(
    `--store: found ${path}, which is no store and holds ${names[0]}; expected a store, or a new or empty folder`,
  );
}

/** The path without links, as far as it exists. */
async function realPlace(path: string): Promise<string> {
  const absolute = resolve(path);
  for (let place = absolute; ; place = dirname(place)) {
    const real = await realpath(place).catch(() => undefined);
    if (real !== undefined) return join(real, relative(place, absolute));
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}
