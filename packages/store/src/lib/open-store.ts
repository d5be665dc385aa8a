import { RunStore } from './run-store.ts';
import { isS3, requireCache } from './s3/location.ts';
import type { Store } from './store.ts';

/**
 * Opens the store in a folder or in a bucket. The AWS SDK is loaded for a bucket alone; credentials, region and endpoint
 * are what its own chain finds.
 *
 * @param store - a folder, which is made if it does not exist, or `s3://bucket/path`
 * @param options - `cache`: for a bucket, the folder of this machine in which stages run and what was fetched is kept
 * @throws StoreLocationError if a bucket comes without a cache, or its name cannot be one
 */
export async function openStore(store: string, { cache }: { readonly cache?: string } = {}): Promise<Store> {
  if (!isS3(store)) return RunStore.open(store);
  const folder = requireCache(store, cache); // before anything is loaded
  const { S3Store } = await import('./s3/s3-store.ts');
  return S3Store.open(store, folder);
}
