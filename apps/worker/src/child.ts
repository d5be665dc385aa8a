/**
 * The compute process: runs one stage and ends. It is a process of its own because native code blocks its thread and
 * may abort; `run-stage-in-child.ts` is its other half.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { openStore, runStage, type Progress } from '@radiotracer/store';
import type { StageName } from '@radiotracer/workflows';
import { StageVersionError } from './lib/errors.ts';
import { isRetryable } from './lib/is-retryable.ts';
import type { ChildJob, ChildMessage } from './lib/protocol.ts';
import { software } from './lib/software.ts';
import type { StageRegistry } from './lib/stages.ts';

const PROGRESS_INTERVAL_MS = 200;
const ALIVE_INTERVAL_MS = 1_000;

// Ctrl-C reaches every process of a terminal; what becomes of this one is for its parent to say.
process.on('SIGINT', () => undefined);
const abort = new AbortController();
process.once('SIGTERM', () => abort.abort());

const [job] = (await once(process, 'message')) as [ChildJob];
watchParent(job.parentPid);
// From the thread that computes: a watchdog in another one would say that all is well while this one hangs.
setInterval(() => void send({ type: 'alive' }), ALIVE_INTERVAL_MS).unref();
await send(await run(job));
process.exit();

async function run(job: ChildJob): Promise<ChildMessage> {
  const { stage: name, version, input, locations } = job;
  try {
    const registry = ((await import(job.stagesModule)) as { stages: StageRegistry }).stages;
    const stage = await registry[name]();
    if (stage.version !== version) throw new StageVersionError(name, stage.version, version);
    const store = await openStore(job.store, { cache: job.cache });
    const stages = async (name: string) => registry[name as StageName]?.();
    const options = { store, locations, stages, software: software(name), report: reporter(), signal: abort.signal };
    return { type: 'done', artifact: await runStage(stage, input as never, options) };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    console.error(error); // to the log
    return { type: 'failed', name: error.name, message: error.message, retryable: isRetryable(error) };
  }
}

/** Tells progress at most every so often, but always that a count is complete. */
function reporter(): (progress: Progress) => void {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - last < PROGRESS_INTERVAL_MS && progress.done < progress.total) return;
    last = now;
    void send({ type: 'progress', progress });
  };
}

function send(message: ChildMessage): Promise<unknown> {
  return new Promise((resolve) => process.send?.(message, resolve));
}

/** Ends this process when its parent is gone; from a thread, as native code may hold the main one for long. */
function watchParent(parentPid: number): void {
  const watch = `
    const { workerData } = require('node:worker_threads');
    setInterval(() => process.ppid === workerData || process.kill(process.pid, 'SIGKILL'), 500);`;
  new Worker(watch, { eval: true, workerData: parentPid, execArgv: [] }).unref();
}
