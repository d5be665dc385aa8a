import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isS3, requireCache, RunStore } from '@radiotracer/store';

/**
 * The folder for what stages print: in the store's folder, or, where that is a bucket, in the cache of this machine. It
 * is made if it does not exist.
 *
 * @throws StoreLocationError if the store is a bucket, and there is no cache
 */
export async function logFolder(store: string, cache: string | undefined): Promise<string> {
  const folder = join(isS3(store) ? requireCache(store, cache) : (await RunStore.open(store)).root, 'logs');
  await mkdir(folder, { recursive: true });
  return folder;
}
