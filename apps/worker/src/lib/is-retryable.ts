/** A disk that is full or may not be written to: a person must mend that. */
const diskCodes: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT', 'EROFS'];

/**
 * Whether it is worth running a stage again that threw this: what the error says of itself; else not for an error of
 * the program or its input, which cannot change, nor for a full disk, and yes for all others, such as a disk that went
 * away.
 */
export function isRetryable(error: Error & { readonly retryable?: boolean; readonly code?: string }): boolean {
  return (
    error.retryable ?? !(error instanceof RangeError || error instanceof TypeError || diskCodes.includes(error.code))
  );
}
