import { setTimeout } from 'node:timers/promises';
import { isGrpcServiceError, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { readProgress } from '@radiotracer/workflows';
import { commandError, ComputationError, UnreachableError } from './errors.ts';
import type { ProgressView } from './progress-view.ts';

const pollMs = 1000;
const silenceMs = 60_000;
/** Then it is looked for a cause. Not at once: a command that ends the server may just be leaving the run's result. */
const suspiciousMs = 5_000;

export interface FollowOptions {
  readonly view: ProgressView;
  /** The command that resumes the run, for one that is paused. */
  readonly resume: string;
  readonly signal: AbortSignal;
  /** Why the server says nothing, if that can be seen. */
  readonly diagnose: () => Promise<Error | undefined>;
}

/**
 * Shows a workflow's progress until it ends, and returns its result.
 *
 * @throws ComputationError, InputError or UsageError when it failed or was cancelled; UnreachableError when the server says nothing
 *   for a minute, or what is found to be wrong with it; the signal's reason when aborted, which leaves the workflow running
 */
export async function follow<Result>(
  handle: WorkflowHandle,
  { view, resume, signal, diagnose }: FollowOptions,
): Promise<Result> {
  let heardMs = performance.now();
  let isPaused = false;
  for (;;) {
    signal.throwIfAborted();
    try {
      const { status } = await handle.describe();
      const { paused, stages } = await readProgress(handle);
      heardMs = performance.now();
      view.update(stages);
      if (paused && !isPaused) view.note(`paused; "${resume}" goes on`);
      isPaused = paused;
      if (status.name !== 'RUNNING') break;
    } catch (error) {
      // A worker that starts, or that is busy, does not answer queries at once.
      const silentMs = performance.now() - heardMs;
      if (silentMs > silenceMs) throw new UnreachableError(reasonOf(error), { cause: error });
      const cause = silentMs > suspiciousMs ? await diagnose() : undefined;
      if (cause) throw cause;
    }
    await setTimeout(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted()); // its own error hides the reason
  }
  return resultOf<Result>(handle);
}

/** The result of a workflow that has ended; its failure as an error for people. */
export async function resultOf<Result>(handle: WorkflowHandle): Promise<Result> {
  try {
    return (await handle.result()) as Result;
  } catch (error) {
    throw error instanceof WorkflowFailedError ? explain(handle.workflowId, error) : error;
  }
}

function explain(id: string, error: WorkflowFailedError): Error {
  let cause: Error | undefined = error.cause;
  while (cause?.cause instanceof Error) cause = cause.cause;
  if (cause instanceof CancelledFailure) return new ComputationError(`${id} was cancelled`, { cause: error });
  if (cause instanceof TerminatedFailure) return new ComputationError(`${id} was terminated`, { cause: error });
  const name = cause instanceof ApplicationFailure ? cause.type : cause?.name;
  return commandError(name ?? '', cause?.message ?? error.message, error);
}

function reasonOf(error: unknown): string {
  const details = isGrpcServiceError(error) ? error.details : (error as Error).message;
  return `the Temporal server or its worker has not answered for a minute: ${details}`;
}
