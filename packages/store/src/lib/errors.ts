/** An artefact in the store is not what its reference says. Running again does not help: drop it and make it anew. */
export class CorruptArtifactError extends Error {
  override readonly name = 'CorruptArtifactError';
  readonly retryable = false;

  /**
   * @param folder - the artefact's folder
   * @param file - the file that is wrong, relative to `folder`
   * @param reason - what was found and what would be valid
   */
  constructor(
    readonly folder: string,
    readonly file: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`store: ${file} in ${folder} ${reason}; remove that folder, and run again what made it`, options);
  }
}

/** The store does not hold an artefact that a stage needs. Its stage has to run first. */
export class MissingArtifactError extends Error {
  override readonly name = 'MissingArtifactError';
  readonly retryable = false;

  constructor(readonly folder: string) {
    super(`store: there is no artefact in ${folder}; run its stage first, or open the store that holds it`);
  }
}

/** A stage was given, or returned, something that cannot be stored. Wrong every time: correct the caller or the stage. */
export class InvalidStageError extends Error {
  override readonly name = 'InvalidStageError';
  readonly retryable = false;
}

/** Another process took over the stage, because this one gave no sign of life. A new attempt waits for the other. */
export class LockLostError extends Error {
  override readonly name = 'LockLostError';
  readonly retryable = true;

  constructor(readonly lockFile: string) {
    super(`store: the lock ${lockFile} is no longer ours; run the stage again`);
  }
}

const adviceOfCode: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on its disk',
  EDQUOT: 'make room in your quota',
  EROFS: 'mount it for writing',
};

/** A disk takes nothing more. Trying again at once does not help: a person has to make room. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly retryable = false;

  private constructor(
    /** What could not be written. */
    readonly place: string,
    cause: NodeJS.ErrnoException,
  ) {
    const advice = adviceOfCode[cause.code ?? ''];
    super(`store: ${place} cannot be written (${cause.message}); ${advice}, then run the same again`, { cause });
  }

  /**
   * An error as it is, or as one of these if it says that a disk is full or read-only.
   *
   * @param folder - what was being written, where the error does not say it
   */
  static from(error: unknown, folder: string): unknown {
    const { code = '', path = folder } = (error ?? {}) as NodeJS.ErrnoException;
    return code in adviceOfCode ? new StorageError(path, error as NodeJS.ErrnoException) : error;
  }
}

/** A store is neither a folder nor a place in a bucket, or lacks what it needs. Wrong every time: correct the caller. */
export class StoreLocationError extends Error {
  override readonly name = 'StoreLocationError';
  readonly retryable = false;
}

/** A bucket is not there, or may not be used. Trying again does not help: correct the bucket or the credentials. */
export class S3RefusedError extends Error {
  override readonly name = 'S3RefusedError';
  readonly retryable = false;
}

/** The server of a bucket gave no answer, or a fault of its own, to several tries. It may come back. */
export class S3UnavailableError extends Error {
  override readonly name = 'S3UnavailableError';
  readonly retryable = true;
}
