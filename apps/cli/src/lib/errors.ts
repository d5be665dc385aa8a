import { oneLine } from './one-line.ts';

/** Exit codes by cause. "Not detected" is an answer, so it is 0 too. */
export const exitCodes = {
  done: 0,
  usage: 2,
  input: 3,
  computation: 4,
  unreachable: 5,
  environment: 6,
  interrupted: 130,
} as const;

/** An error that is told in one line and decides the exit code. */
abstract class CommandError extends Error {
  abstract readonly exitCode: number;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A flag, argument or setting is wrong. */
export class UsageError extends CommandError {
  readonly exitCode = exitCodes.usage;
}

/** Settings are wrong, in any number of fields; each line of the message is about one. */
export class SettingsError extends UsageError {}

/** A corpus, key, publication or network cannot be used. */
export class InputError extends CommandError {
  readonly exitCode = exitCodes.input;
}

/** The workflow failed, or was cancelled. */
export class ComputationError extends CommandError {
  readonly exitCode = exitCodes.computation;
}

/** No Temporal server, or no worker, answers. */
export class UnreachableError extends CommandError {
  readonly exitCode = exitCodes.unreachable;
}

/** Something that the machine must have is missing. */
export class EnvironmentError extends CommandError {
  readonly exitCode = exitCodes.environment;
}

/** Ctrl-C. What was running can be taken up again. */
export class InterruptedError extends CommandError {
  readonly exitCode = exitCodes.interrupted;
}

/** What the packages throw, by name, because a class does not survive the way out of a workflow. */
const classOfName: Readonly<Record<string, new (message: string, options?: ErrorOptions) => CommandError>> = {
  CorpusError: InputError,
  CorpusNotFoundError: InputError,
  CorruptArtifactError: InputError,
  CorruptShardError: InputError,
  EndpointError: InputError,
  ImageDecodeError: InputError,
  ImageSizeError: InputError,
  KeyFileError: InputError,
  MissingArtifactError: InputError,
  OnnxError: InputError,
  SigningKeyError: InputError,
  TableError: InputError,
  UnfitSuspectError: InputError,
  VerificationError: InputError,
  WeightsError: InputError,
  S3RefusedError: InputError,
  S3UnavailableError: UnreachableError,
  DevServerError: EnvironmentError,
  OutOfMemoryError: EnvironmentError,
  StorageError: EnvironmentError,
  InvalidArgumentError: UsageError,
  MarkingError: UsageError,
  SmallImagesError: UsageError,
  StoreLocationError: UsageError,
  CorpusSettingsError: UsageError,
  TrainingSettingsError: UsageError,
};

/** What to do about what the system says when a disk is in the way; Node's messages begin with the code. */
const adviceOfCode: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on the disk and run the same command again',
  EDQUOT: 'make room in your quota and run the same command again',
  EROFS: 'mount it for writing, or name another place with --store and --out',
  EACCES: 'run as a user who may, or name another place',
  EPERM: 'run as a user who may, or name another place',
  EIO: 'the disk fails; look at it, then run the same command again',
  EMFILE: 'raise the limit of open files (ulimit -n) and run the same command again',
};

/** A package's error as one that decides the exit code; an error that nobody foresaw is a failed computation. */
export function commandError(name: string, message: string, cause: unknown): CommandError {
  const advice = adviceOfCode[/^(E[A-Z]+): /.exec(message)?.[1] ?? ''];
  if (advice !== undefined) return new EnvironmentError(`${message}; ${advice}`, { cause });
  return new (classOfName[name] ?? ComputationError)(message, { cause });
}

/** Any error as one that is told in one line and decides the exit code. */
export function asCommandError(thrown: unknown): CommandError {
  if (thrown instanceof CommandError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return commandError(error.name, error.message, error);
}

/** What to tell of any error: one line, or one for each wrong setting. */
export function errorText(error: CommandError): string {
  const { message } = error;
  const lines = error instanceof SettingsError ? message.split('\n') : [message];
  return `error: ${lines.map(oneLine).join('\n')}`;
}
