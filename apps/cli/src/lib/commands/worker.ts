import { connectionOptions } from '../connect.ts';
import { UnreachableError } from '../errors.ts';
import { progressView } from '../progress-view.ts';
import type { GlobalOptions } from '../print-result.ts';

export interface WorkerCommandOptions extends GlobalOptions {
  readonly address: string;
  readonly namespace: string;
}

/** Runs a worker against a Temporal server until Ctrl-C. */
export async function workerCommand({ address, namespace, quiet }: WorkerCommandOptions): Promise<void> {
  const { runWorker } = await import('@radiotracer/worker');
  const worker = await runWorker({ ...connectionOptions(address), namespace }).catch((cause: unknown) => {
    throw new UnreachableError(`no worker can be started at ${address}: ${(cause as Error).message}`, { cause });
  });
  progressView({ quiet }).note(`working for ${address}, namespace ${namespace}; Ctrl-C stops`);
  await worker.done;
}
