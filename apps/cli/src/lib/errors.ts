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

/** What the packages throw when it is the corpus, the key or the publication that is at fault; by name, as a class does
 * not survive the way out of a workflow. */
const inputErrorNames: readonly string[] = [
  'CorpusError',
  'CorpusNotFoundError',
  'ImageDecodeError',
  'ImageSizeError',
  'KeyFileError',
  'VerificationError',
];

/** Whether an error's name says that what the user gave cannot be used. */
export function isInputErrorName(name: string): boolean {
  return inputErrorNames.includes(name);
}

/** The exit code of any error; one that nobody foresaw is a failed computation. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommandError) return error.exitCode;
  return error instanceof Error && isInputErrorName(error.name) ? exitCodes.input : exitCodes.computation;
}
