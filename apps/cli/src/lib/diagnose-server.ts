import { statfs } from 'node:fs/promises';
import { isRunning } from '@radiotracer/store';
import { EnvironmentError, UnreachableError } from './errors.ts';
import type { LocalServer } from './local-server.ts';

/** With less room than this Temporal's database cannot grow, and its server says something else, or nothing. */
const leastBytes = 256 * 1024;

/** What is wrong with a local server that says nothing; undefined where nothing can be seen. */
export async function diagnoseServer(
  server: LocalServer,
  { id, store }: { readonly id: string; readonly store: string },
): Promise<Error | undefined> {
  if (await isRunning(server)) return fullDisk(store);
  return new UnreachableError(`the local server has ended; run the same command again to go on with ${id}`);
}

/** What is behind an error of a local server, such as one that does not start; undefined where nothing can be seen. */
export async function causeOf(error: unknown, store: string): Promise<Error | undefined> {
  return error instanceof UnreachableError ? fullDisk(store) : undefined;
}

async function fullDisk(store: string): Promise<EnvironmentError | undefined> {
  const disk = await statfs(store).catch(() => undefined);
  if (disk === undefined || disk.bavail * disk.bsize >= leastBytes) return undefined;
  const left = Math.floor((disk.bavail * disk.bsize) / 1024);
  return new EnvironmentError(
    `the disk of ${store}, where Temporal keeps its state, is full (${left} KiB left); make room on the disk and run the ` +
      'same command again',
  );
}
