import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunStore, type Progress } from '@radiotracer/store';
import type { StageArtifact, StageName } from '@radiotracer/workflows';
import { ChildDiedError, StageFailedError } from './errors.ts';
import type { ChildJob, ChildMessage, StageJob } from './protocol.ts';

export interface RunStageInChildOptions {
  readonly report?: (progress: Progress) => void;
  /** Aborting ends the child: asked first, killed 3 s later. */
  readonly signal?: AbortSignal;
  /** What the child prints is appended here; by default `<store>/logs/<stage>.log`. */
  readonly logFile?: string;
  /** URL of another module that exports `stages`, see `StageRegistry`. */
  readonly stagesModule?: string;
}

const KILL_AFTER_MS = 3_000;
const LAST_LINES_BYTES = 1_000;

/**
 * Runs a stage in a process of its own, and returns its artefact. The child is gone when the promise settles.
 *
 * @throws StageFailedError with the name, message and `retryable` of what the stage threw; ChildDiedError (retryable)
 *   when the process died; the signal's reason when aborted
 */
export async function runStageInChild<Name extends StageName>(
  job: StageJob<Name>,
  {
    report = () => undefined,
    signal,
    logFile = join(job.store, 'logs', `${job.stage}.log`),
    stagesModule = import.meta.resolve('@radiotracer/worker/stages'),
  }: RunStageInChildOptions = {},
): Promise<StageArtifact<Name>> {
  signal?.throwIfAborted();
  await RunStore.open(job.store); // makes it, so before the log, which may lie in it
  await mkdir(dirname(logFile), { recursive: true });
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
    let last: ChildMessage | undefined;
    child.on('message', (message: ChildMessage) => {
      last = message;
      if (message.type === 'progress') report(message.progress);
    });
    const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]); // `disconnect`: no more messages

    let killTimer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      child.kill('SIGTERM');
      killTimer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    };
    signal?.addEventListener('abort', stop);
    const { stage, input, store, locations } = job;
    const childJob: ChildJob = { stage, input, store, locations, stagesModule, parentPid: process.pid };
    child.send(childJob, () => undefined); // a child that cannot be sent to has died, which `exit` tells

    const [[code, killedBy]] = (await ended) as [[number | null, NodeJS.Signals | null], unknown];
    clearTimeout(killTimer);
    signal?.removeEventListener('abort', stop);

    const outcome = last as ChildMessage | undefined;
    if (outcome?.type === 'done') return outcome.artifact as StageArtifact<Name>;
    signal?.throwIfAborted();
    if (outcome?.type === 'failed') throw new StageFailedError(outcome.name, outcome.message, outcome.retryable);
    throw new ChildDiedError(stage, howItDied(code, killedBy), await lastLines(log, logStart), logFile);
  } finally {
    await log.close();
  }
}

function howItDied(code: number | null, killedBy: NodeJS.Signals | null): string {
  if (killedBy === 'SIGKILL') return 'was killed by SIGKILL, as the system does when memory runs out';
  return killedBy ? `was killed by ${killedBy}` : `ended with exit code ${code}`;
}

/** The end of what a file holds after `start`. */
async function lastLines(file: FileHandle, start: number): Promise<string> {
  const { size } = await file.stat();
  const from = Math.max(start, size - LAST_LINES_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  return buffer.toString('utf8', 0, bytesRead).trim();
}
