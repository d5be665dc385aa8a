import { hostname, totalmem } from 'node:os';

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

/** The system killed the compute process, or refused it memory, twice. It would again: it takes smaller settings. */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';
  readonly retryable = false;

  constructor(
    readonly stage: string,
    options?: ErrorOptions,
  ) {
    const gib = (totalmem() / 2 ** 30).toFixed(0);
    super(
      `${stage}: memory ran out (this machine has ${gib} GiB); lower training.batchSize, architecture.width or the size ` +
        'of the images, end what else uses memory, or run the worker on a larger machine',
      options,
    );
  }
}

/** This worker's program is older or newer than the one that started the run. Another worker may be the right one. */
export class StageVersionError extends Error {
  override readonly name = 'StageVersionError';
  readonly retryable = true;

  constructor(
    readonly stage: string,
    readonly found: number,
    readonly expected: number,
  ) {
    super(
      `${stage}: the worker on ${hostname()} has version ${found} of this stage, the run needs version ${expected}; ` +
        'update that worker, or stop it',
    );
  }
}

/** The Temporal development server did not start. The message says what it printed. */
export class DevServerError extends Error {
  override readonly name = 'DevServerError';
  readonly retryable = false;
}
