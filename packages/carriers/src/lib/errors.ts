/** A key file cannot be made or read. The message says what to do, and never what the file holds. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
  readonly retryable = false;

  constructor(
    readonly path: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`carriers: ${path} ${reason}`, options);
  }
}

/** An argument is outside its domain; the message holds it and what would be valid. */
export class InvalidArgumentError extends RangeError {
  override readonly name = 'InvalidArgumentError';
  readonly retryable = false;
}

/** A publication is not what was committed to: no verdict may rest on it. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly retryable = false;
}
