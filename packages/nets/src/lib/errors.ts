/** A weights file is not what its name or header says, or does not fit the architecture. Permanent. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError';
  readonly retryable = false;

  constructor(
    readonly file: string,
    problem: string,
  ) {
    super(`nets: ${file}: ${problem}`);
  }
}
