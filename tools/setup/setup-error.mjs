/** A failure of the set-up that its user can mend; printed as one message, without a stack. */
export class SetupError extends Error {
  /** @param {string} message - what is wrong and what to do @param {ErrorOptions} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = 'SetupError';
  }
}
