import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isS3, RunStore, StoreLocationError } from '@radiotracer/store';

/**
 * The folder for what stages print: in the store's folder, or, where that is a bucket, in the cache of this machine. It
 * is made if it does not exist.
 *
 * @throws StoreLocationError if the store is a bucket, and there is no cache
 */
export async function logFolder(store: string, cache: string | undefined): Promise<string> {
  if (isS3(store) && cache === undefined) {
    throw new StoreLocationError(`worker: ${store} needs a cache, a folder of this machine; start the worker with one`);
  }
  const folder = join(isS3(store) ? (cache as string) : (await RunStore.open(store)).root, 'logs');
  await mkdir(folder, { recursive: true });
  return folder;
}
