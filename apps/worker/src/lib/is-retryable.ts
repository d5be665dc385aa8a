/**
 * Whether it is worth running a stage again that threw this: what the error says of itself; else not for an error of
 * the program or its input, which cannot change, and yes for all others, such as a disk that went away.
 */
export function isRetryable(error: Error & { readonly retryable?: boolean }): boolean {
  return error.retryable ?? !(error instanceof RangeError || error instanceof TypeError);
}
