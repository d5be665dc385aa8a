/** Evidence is not what the tests need. Wrong every time it is read: extract the evidence again. */
export class InvalidEvidenceError extends Error {
  override readonly name = 'InvalidEvidenceError';
  readonly retryable = false;

  /** @param field - path of the value, such as `marked.suspectLoss[3][7]` */
  constructor(
    readonly field: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`detector: evidence: ${field} ${reason}`, options);
  }
}
