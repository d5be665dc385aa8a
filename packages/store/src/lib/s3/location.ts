import { join } from 'node:path';
import { StoreLocationError } from '../errors.ts';

/** A place in a bucket. */
export interface S3Location {
  readonly bucket: string;
  /** Empty, or a path that ends with `/`. */
  readonly prefix: string;
}

/** Whether a store lies in a bucket rather than in a folder. */
export function isS3(store: string): boolean {
  return store.startsWith('s3://');
}

/**
 * @param store - `s3://bucket` or `s3://bucket/path`
 * @throws StoreLocationError if it is none of these
 * @example parseS3Location('s3://models/runs'); // { bucket: 'models', prefix: 'runs/' }
 */
export function parseS3Location(store: string): S3Location {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(store) ?? [];
  const parts = path.split('/').filter((part) => part !== '');
  if (bucket === undefined || parts.some((part) => part === '.' || part === '..')) {
    throw new StoreLocationError(`store: found "${store}", expected a folder or s3://bucket/path`);
  }
  return { bucket, prefix: parts.map((part) => `${part}/`).join('') };
}

export function s3Url({ bucket, prefix }: S3Location): string {
  return `s3://${bucket}/${prefix}`;
}

/**
 * The cache that a store in a bucket needs.
 *
 * @throws StoreLocationError if there is none
 */
export function requireCache(store: string, cache: string | undefined): string {
  if (cache !== undefined) return cache;
  throw new StoreLocationError(`store: ${store} needs a cache, a folder of this machine; give one`);
}

/** The folder that the store of a bucket has in a cache. It is a store itself: `RunStore` opens it. */
export function s3CacheFolder(url: string, cache: string): string {
  const { bucket, prefix } = parseS3Location(url);
  return join(cache, encodeURIComponent(`${bucket}/${prefix}`));
}
