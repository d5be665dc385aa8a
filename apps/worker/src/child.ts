/**
 * The compute process: runs one stage and ends. It is a process of its own because native code blocks its thread and
 * may abort; `run-stage-in-child.ts` is its other half.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { runStage, RunStore, type Progress } from '@radiotracer/store';
import { isRetryable } from './lib/is-retryable.ts';
import type { ChildJob, ChildMessage } from './lib/protocol.ts';
import { software } from './lib/software.ts';
import type { StageRegistry } from './lib/stages.ts';

const PROGRESS_INTERVAL_MS = 200;

// Ctrl-C reaches every process of a terminal; what becomes of this one is for its parent to say.
process.on('SIGINT', () => undefined);
const abort = new AbortController();
process.once('SIGTERM', () => abort.abort());

const [job] = (await once(process, 'message')) as [ChildJob];
watchParent(job.parentPid);
await send(await run(job));
process.exit();

async function run({ stage: name, input, store, locations, stagesModule }: ChildJob): Promise<ChildMessage> {
  try {
    const { stages } = (await import(stagesModule)) as { stages: StageRegistry };
    const stage = await stages[name]();
    const opened = await RunStore.open(store);
    const options = { store: opened, locations, software: software(), report: reporter(), signal: abort.signal };
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
