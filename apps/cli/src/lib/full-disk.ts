import { statfs } from 'node:fs/promises';
import { EnvironmentError, UnreachableError } from './errors.ts';

/** With less room than this Temporal's database cannot grow, and its server says something else, or nothing. */
const leastBytes = 256 * 1024;

/** What to say instead of an error of a local server whose disk is full; undefined where that is not the cause. */
export async function fullDisk(error: unknown, store: string): Promise<EnvironmentError | undefined> {
  if (!(error instanceof UnreachableError)) return undefined;
  const disk = await statfs(store).catch(() => undefined);
  if (disk === undefined || disk.bavail * disk.bsize >= leastBytes) return undefined;
  const left = `${Math.floor((disk.bavail * disk.bsize) / 1024)} KiB left`;
  return new EnvironmentError(
    `the disk of ${store} is full (${left}), and Temporal keeps its state there; ` +
      'make room on the disk and run the same command again',
    { cause: error },
  );
}
