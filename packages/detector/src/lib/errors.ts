/** Evidence is not what the tests need: its file is damaged, or a loss of the suspect is no number. Permanent. */
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

/** The suspect cannot be asked about these images. Permanent: they are another corpus, or it is another suspect. */
export class UnfitSuspectError extends Error {
  override readonly name = 'UnfitSuspectError';
  readonly retryable = false;

  constructor(problem: string) {
    super(`detector: ${problem}`);
  }
}

/**
 * A suspect behind HTTP cannot be asked, or does not answer what can be judged. Worth another try where it said nothing, or
 * that it is busy; answers that came are kept.
 */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';
  readonly retryable: boolean;

  constructor(
    problem: string,
    { retryable = false, ...options }: ErrorOptions & { readonly retryable?: boolean } = {},
  ) {
    super(`endpoint ${problem}`, options);
    this.retryable = retryable;
  }
}

/** An ONNX file holds no network that can be asked about these images, or cannot be run. Permanent. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';
  readonly retryable = false;

  constructor(
    readonly file: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`onnx: ${file}: ${problem}`, options);
  }
}
