import { setTimeout } from 'node:timers/promises';
import { isGrpcServiceError, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { readProgress } from '@radiotracer/workflows';
import { commandError, ComputationError, UnreachableError } from './errors.ts';
import type { ProgressView } from './progress-view.ts';

const pollMs = 1000;
const silenceMs = 60_000;
/** Of a server whose process has ended. Not at once: the command that ended it may just be leaving the run's result. */
const silenceOfDeadMs = 5_000;

export interface FollowOptions {
  readonly view: ProgressView;
  /** The command that resumes the run, for one that is paused. */
  readonly resume: string;
  readonly signal: AbortSignal;
  /** Whether the server can no longer answer, as its process has ended. */
  readonly isServerDead: () => Promise<boolean>;
}

/**
 * Shows a workflow's progress until it ends, and returns its result.
 *
 * @throws ComputationError, InputError or UsageError when it failed or was cancelled; UnreachableError when the server says nothing
 *   for a minute, or has ended; the signal's reason when aborted, which leaves the workflow running
 */
export async function follow<Result>(
  handle: WorkflowHandle,
  { view, resume, signal, isServerDead }: FollowOptions,
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
      if (silentMs > silenceOfDeadMs && (await isServerDead())) {
        const again = `run the same command again to go on with ${handle.workflowId}`;
        throw new UnreachableError(`the local server has ended without being asked; ${again}`, { cause: error });
      }
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
