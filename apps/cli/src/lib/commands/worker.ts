import { resolve } from 'node:path';
import { remoteEndpoint, requireServer } from '../connect.ts';
import { UnreachableError } from '../errors.ts';
import { progressView } from '../progress-view.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';
import { defaultStoreCache } from '../store-place.ts';
import { wholeNumber } from '../whole-number.ts';

export interface WorkerCommandOptions extends GlobalOptions {
  readonly address: string;
  readonly namespace: string;
  readonly concurrency: string;
  /** For stores in buckets. */
  readonly cache?: string;
}

/** Runs a worker against a Temporal server until Ctrl-C. */
export async function workerCommand(options: WorkerCommandOptions): Promise<void> {
  const { address, namespace, quiet } = options;
  const concurrency = wholeNumber('--concurrency', options.concurrency);
  await requireServer({ address, namespace });
  const cache = resolve(options.cache ?? defaultStoreCache());
  const { runWorker } = await import('@radiotracer/worker');
  const worker = await runWorker({ ...remoteEndpoint(address, namespace), concurrency, cache }).catch(
    (cause: unknown) => {
      throw new UnreachableError(`no worker can be started at ${address}: ${(cause as Error).message}`, { cause });
    },
  );
  progressView({ quiet }).note(`working for ${address}, namespace ${namespace}; Ctrl-C stops`);
  if (options.json) printResult(options, { address, namespace, cache, concurrency }, '');
  await worker.done;
}
