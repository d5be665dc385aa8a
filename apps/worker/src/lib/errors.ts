/** The stage itself failed, in the child process. `name` is the class of what it threw, which says what to do. */
export class StageFailedError extends Error {
  constructor(
    override readonly name: string,
    message: string,
    /** False when the same input would fail again. */
    readonly retryable: boolean,
  ) {
    super(message);
  }
}

/** The child process died before it could say why: killed, out of memory, a native abort. Worth another try. */
export class ChildDiedError extends Error {
  override readonly name = 'ChildDiedError';
  readonly retryable = true;

  /**
   * @param how - such as "was killed by SIGKILL"
   * @param lastLines - the end of what it printed; empty if it printed nothing
   * @param logFile - where all of it is
   */
  constructor(
    readonly stage: string,
    readonly how: string,
    readonly lastLines: string,
    readonly logFile: string,
  ) {
    super(`${stage}: the compute process ${how}; log: ${logFile}${lastLines && `\n${lastLines}`}`);
  }
}

/** The Temporal development server did not start. The message says what it printed. */
export class DevServerError extends Error {
  override readonly name = 'DevServerError';
  readonly retryable = false;
}
