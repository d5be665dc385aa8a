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
  ImageDecodeError: InputError,
  ImageSizeError: InputError,
  KeyFileError: InputError,
  MissingArtifactError: InputError,
  VerificationError: InputError,
  WeightsError: InputError,
  DevServerError: EnvironmentError,
  InvalidArgumentError: UsageError,
  MarkingError: UsageError,
  TrainingSettingsError: UsageError,
};

/** A package's error as one that decides the exit code; an error that nobody foresaw is a failed computation. */
export function commandError(name: string, message: string, cause: unknown): CommandError {
  return new (classOfName[name] ?? ComputationError)(message, { cause });
}

/** The exit code of any error. */
export function exitCodeOf(error: unknown): number {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return (error instanceof CommandError ? error : commandError(name, message, error)).exitCode;
}
