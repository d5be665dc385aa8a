/** Images cannot be marked as asked. Permanent. */
export class MarkingError extends Error {
  override readonly name = 'MarkingError';
  readonly retryable = false;

  constructor(problem: string) {
    super(`marker: ${problem}`);
  }
}
