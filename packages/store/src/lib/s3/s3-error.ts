import { S3RefusedError, S3UnavailableError } from '../errors.ts';
import { s3Url, type S3Location } from './location.ts';

/** What the SDK throws. */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $fault?: 'client' | 'server';
}

/** Faults of this machine's disk, which is where objects come from and go to. */
const diskFaults = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOENT', 'ENOTDIR', 'EISDIR', 'EFBIG', 'EIO', 'EMFILE'];

/** The HTTP status that an error of the SDK came with. */
export function statusOf(error: unknown): number | undefined {
  return (error as SdkError).$metadata?.httpStatusCode;
}

/** Whether the object, rather than the bucket, is not there. */
export function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes((error as SdkError).name);
}

/** What to do about an error of the SDK, in one line. A fault of the disk stays what it is. */
export function s3Error(location: S3Location, cause: unknown): Error {
  const error = cause as SdkError;
  if (diskFaults.includes(error.code ?? '')) return error;
  const where = `store: ${s3Url(location)}`;
  const refused = (what: string) => new S3RefusedError(`${where}: ${what}`, { cause });
  if (error.name === 'NoSuchBucket') return refused('there is no such bucket; make it, or name another');
  if (error.name === 'CredentialsProviderError') {
    return refused('no credentials found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE');
  }
  if (/^Region (is missing|not accepted)/.test(error.message)) return refused('no region found; set AWS_REGION');
  const status = statusOf(error);
  if (status === 403) {
    return refused(`access denied (${error.name}); use credentials that may list, read, write and delete there`);
  }
  const isTransient = status === 408 || status === 429 || (status !== undefined && status >= 500);
  if (error.$fault === 'client' && !isTransient) return refused(`${error.name}: ${firstLine(error)}`);
  return new S3UnavailableError(`${where}: no answer (${error.code ?? error.name}: ${firstLine(error)})`, { cause });
}

/** An `AggregateError` of both address families says nothing itself. */
function firstLine(error: Error & { readonly errors?: readonly Error[] }): string {
  return (error.message || error.errors?.[0]?.message || '').split('\n')[0] as string;
}
