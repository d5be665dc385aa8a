import { fork } from 'node:child_process';
import { once } from 'node:events';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Progress } from '@radiotracer/store';
import type { StageArtifact, StageName } from '@radiotracer/workflows';
import { ChildDiedError, OutOfMemoryError, StageFailedError } from './errors.ts';
import { logFolder } from './log-folder.ts';
import { outOfMemoryKills, ranOutOfMemory } from './out-of-memory.ts';
import type { ChildJob, ChildMessage, StageJob } from './protocol.ts';

export interface RunStageInChildOptions {
  readonly report?: (progress: Progress) => void;
  /** Aborting ends the child: asked first, killed 2 s later. */
  readonly signal?: AbortSignal;
  /** What the child prints is appended to this file of the log folder. @default '<stage>.log' */
  readonly logName?: string;
  /** For a store in a bucket: the folder of this machine for what it fetches and makes, see `openStore`. */
  readonly cache?: string;
  /** URL of another module that exports `stages`, see `StageRegistry`. */
  readonly stagesModule?: string;
  /** A child whose main thread has said nothing for so long hangs, and is killed. @default 10 minutes */
  readonly hangsAfterMs?: number;
}

/** A cancel takes up to a second to get here, and should be done within five, also where a stage hears of nothing. */
const KILL_AFTER_MS = 2_000;
/** One native call, such as a training step on large images, holds the thread for some seconds, not for minutes. */
const HANGS_AFTER_MS = 600_000;
const LAST_LINES_BYTES = 1_000;

/**
 * Runs a stage in a process of its own, and returns its artefact. The child is gone when the promise settles. When
 * memory ran out it is tried once more: what else used it may be gone.
 *
 * @throws StageFailedError with the name, message and `retryable` of what the stage threw; ChildDiedError (retryable)
 *   when the process died or hung; OutOfMemoryError; the signal's reason when aborted
 */
export async function runStageInChild<Name extends StageName>(
  job: StageJob<Name>,
  options: RunStageInChildOptions = {},
): Promise<StageArtifact<Name>> {
  for (let isSecond = false; ; isSecond = true) {
    const killsBefore = await outOfMemoryKills();
    try {
      return await runOnce(job, options);
    } catch (error) {
      const isOutOfMemory = ranOutOfMemory(error, (await outOfMemoryKills()) - killsBefore);
      if (!isOutOfMemory) throw error;
      if (isSecond) throw new OutOfMemoryError(job.stage, { cause: error });
    }
  }
}

async function runOnce<Name extends StageName>(
  job: StageJob<Name>,
  {
    report = () => undefined,
    signal,
    logName = `${job.stage}.log`,
    cache,
    stagesModule = import.meta.resolve('@radiotracer/worker/stages'),
    hangsAfterMs = HANGS_AFTER_MS,
  }: RunStageInChildOptions,
): Promise<StageArtifact<Name>> {
  signal?.throwIfAborted();
  const logFile = join(await logFolder(job.store, cache), logName);
  const log = await open(logFile, 'a+');
  try {
    const { size: logStart } = await log.stat();
    const path = fileURLToPath(import.meta.resolve('@radiotracer/worker/child'));
    const child = fork(path, {
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      execArgv: path.endsWith('.ts')
        ? ['--conditions=@radiotracer/source', '--import', import.meta.resolve('tsx')]
        : [],
      // TensorFlow: warnings only, and no more of a GPU's memory than it needs.
      env: { TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true', ...process.env },
    });
    let outcome: ChildMessage | undefined;
    let isHanging = false;
    const watchdog = setTimeout(() => {
      isHanging = true;
      child.kill('SIGKILL');
    }, hangsAfterMs).unref(); // of a child that could not be started, nobody clears it
    child.on('message', (message: ChildMessage) => {
      watchdog.refresh();
      if (message.type === 'progress') report(message.progress);
      else if (message.type !== 'alive') outcome = message;
    });
    const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]); // `disconnect`: no more messages

    let killTimer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      child.kill('SIGTERM');
      killTimer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    };
    signal?.addEventListener('abort', stop);
    const childJob: ChildJob = { ...job, cache, stagesModule, parentPid: process.pid };
    child.send(childJob, () => undefined); // a child that cannot be sent to has died, which `exit` tells

    const [[code, killedBy]] = (await ended) as [[number | null, NodeJS.Signals | null], unknown];
    clearTimeout(killTimer);
    clearTimeout(watchdog);
    signal?.removeEventListener('abort', stop);

    const told = outcome as ChildMessage | undefined;
    if (told?.type === 'done') return told.artifact as StageArtifact<Name>;
    signal?.throwIfAborted();
    if (told?.type === 'failed') throw new StageFailedError(told.name, told.message, told.retryable);
    const how = isHanging ? `said nothing for ${hangsAfterMs / 1000} s and was killed` : howItDied(code, killedBy);
    throw new ChildDiedError(job.stage, how, await lastLines(log, logStart), logFile);
  } finally {
    await log.close();
  }
}

function howItDied(code: number | null, killedBy: NodeJS.Signals | null): string {
  return killedBy ? `was killed by ${killedBy}` : `ended with exit code ${code}`;
}

/** The end of what a file holds after `start`. */
async function lastLines(file: FileHandle, start: number): Promise<string> {
  const { size } = await file.stat();
  const from = Math.max(start, size - LAST_LINES_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  return buffer.toString('utf8', 0, bytesRead).trim();
}
