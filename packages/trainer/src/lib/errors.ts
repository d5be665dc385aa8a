/** The loss became infinite or not a number. Permanent: the same settings diverge again. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  readonly retryable = false;

  constructor(
    readonly epoch: number,
    readonly step: number,
    readonly loss: number,
  ) {
    super(
      `trainer: the loss became ${loss} in epoch ${epoch}, step ${step}; lower training.learningRate, or warm up longer`,
    );
  }
}

/** The settings cannot train a network on this corpus. Permanent. */
export class TrainingSettingsError extends Error {
  override readonly name = 'TrainingSettingsError';
  readonly retryable = false;

  constructor(problem: string) {
    super(`trainer: ${problem}`);
  }
}
