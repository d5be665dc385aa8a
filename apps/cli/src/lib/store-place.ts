import { join, resolve } from 'node:path';
import { isS3, openStore, s3CacheFolder, type Store } from '@radiotracer/store';
import { cacheFolder } from '@radiotracer/setup/locations';
import { UsageError } from './errors.ts';

/** Where this machine keeps what it fetches from stores in buckets and makes for them. */
export function defaultStoreCache(): string {
  return join(cacheFolder(), 'stores');
}

/**
 * The store that `--store` names: the absolute path of a folder, or `s3://bucket/path`.
 *
 * @throws UsageError if it is a bucket and no server is named; StoreLocationError if it cannot be a bucket
 */
export function storeOf({ store, address }: { readonly store: string; readonly address?: string }): string {
  if (!isS3(store)) return resolve(store);
  s3CacheFolder(store, '');
  if (address !== undefined) return store;
  throw new UsageError(
    `--store: ${store} needs --address, as the local server keeps its state in a folder; name a Temporal server or a folder`,
  );
}

/** The folder of this machine for what commands note about a store: its own, or its cache where it is a bucket. */
export function notesFolder(store: string): string {
  return isS3(store) ? s3CacheFolder(store, defaultStoreCache()) : store;
}

export async function openStoreHere(store: string): Promise<Store> {
  return openStore(store, { cache: defaultStoreCache() });
}

/** Fails now, rather than in a worker, where a bucket is not there or may not be read. */
export async function checkStore(store: string): Promise<void> {
  if (isS3(store)) await (await openStoreHere(store)).find('none', 'none');
}
