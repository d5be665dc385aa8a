import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, type NativeConnectionOptions } from '@temporalio/worker';
import { defaultTaskQueue } from '@radiotracer/workflows';
import { createActivities, type ActivitiesOptions } from './activities.ts';

export interface WorkerOptions extends ActivitiesOptions, Pick<NativeConnectionOptions, 'address' | 'tls' | 'apiKey'> {
  /** @default 'default' */
  readonly namespace?: string;
  /** @default 'radiotracer' */
  readonly taskQueue?: string;
  /**
   * Stages that run at once. A training uses all cores, so more than one makes each slower; raise it where memory and
   * cores abound. @default 1
   */
  readonly concurrency?: number;
}

export interface RunningWorker {
  /** Resolves when the worker has stopped, by `stop` or by SIGINT or SIGTERM; rejects when it failed. */
  readonly done: Promise<void>;
  /** Ends the child processes, whose stages another worker (or this one, later) takes up again, and stops. */
  stop(): Promise<void>;
}

/**
 * Starts a worker in this process; it serves the workflows and computes their stages.
 *
 * @throws RangeError if `concurrency` is not an integer ≥ 1; what the connection throws if no server answers
 */
export async function runWorker({
  address,
  tls,
  apiKey,
  namespace = 'default',
  taskQueue = defaultTaskQueue,
  concurrency = 1,
  ...activitiesOptions
}: WorkerOptions = {}): Promise<RunningWorker> {
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new RangeError(`worker: concurrency is ${concurrency}; give an integer ≥ 1`);
  }
  const workflows = fileURLToPath(import.meta.resolve('@radiotracer/workflows/all-workflows'));
  const connection = await NativeConnection.connect({ address, tls, apiKey });
  try {
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue,
      ...(workflows.endsWith('.ts') ? { workflowsPath: workflows } : { workflowBundle: { codePath: workflows } }),
      activities: createActivities(activitiesOptions),
      maxConcurrentActivityTaskExecutions: concurrency,
      maxHeartbeatThrottleInterval: '1 second', // so that progress is fresh and a cancel is noticed at once
    });
    const done = worker.run().finally(() => connection.close());
    return {
      done,
      stop: async () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await done;
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
