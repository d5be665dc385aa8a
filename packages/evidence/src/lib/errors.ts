import { VerificationError } from '@radiotracer/carriers';

/** What does not hold, as the error that every check of evidence throws. */
export function doesNotHold(where: string, problem: string, options?: ErrorOptions): VerificationError {
  return new VerificationError(`evidence: ${where} ${problem}`, options);
}

/** A key that signs statements, or checks them, cannot be used. The message never says what the file holds. */
export class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError';
  readonly retryable = false;

  constructor(
    readonly path: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`evidence: ${path} ${reason}`, options);
  }
}
