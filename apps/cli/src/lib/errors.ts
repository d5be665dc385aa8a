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

/** The exit code of any error: its own, or "computation failed". */
export function exitCodeOf(error: unknown): number {
  return error instanceof CommandError ? error.exitCode : exitCodes.computation;
}
