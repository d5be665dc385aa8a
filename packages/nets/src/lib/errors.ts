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

/** A network halves images more often than their size allows. Permanent. */
export class SmallImagesError extends Error {
  override readonly name = 'SmallImagesError';
  readonly retryable = false;

  constructor(height: number, width: number) {
    super(
      `nets: the images are too small for this network: ${height}×${width} pixels are left where it pools 2×2; ` +
        'take larger images, the small stem, or a residual network',
    );
  }
}
