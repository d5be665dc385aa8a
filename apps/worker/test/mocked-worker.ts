import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import type { Activities } from '@radiotracer/workflows';
import { startDevServer } from '../src/lib/dev-server.ts';

/** The runtime is one for the whole of a test file, and has to be told before anything starts it. */
Runtime.install({ logger: new DefaultLogger('ERROR') });

export const taskQueue = 'mocked';

/** How a workflow is started that no other test knows. */
export const newWorkflow = (): { readonly taskQueue: string; readonly workflowId: string } => ({
  taskQueue,
  workflowId: `test-${crypto.randomUUID()}`,
});

/** A server, a client, and the workflows' bundle: what tests with mocked activities share. */
export interface MockedServer {
  readonly client: Client;
  /** Runs `use` while a worker with these activities serves the workflows. */
  withWorker<T>(activities: Activities, use: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** @param workflows - URL of the module to bundle in the place of `all-workflows` */
export async function startMockedServer(
  workflows = import.meta.resolve('@radiotracer/workflows/all-workflows'),
): Promise<MockedServer> {
  const server = await startDevServer();
  const workflowsPath = fileURLToPath(workflows);
  const workflowBundle: WorkflowBundleWithSourceMap = await bundleWorkflowCode({
    workflowsPath,
    logger: new DefaultLogger('ERROR'),
  });
  const native = await NativeConnection.connect({ address: server.address });
  const connection = await Connection.connect({ address: server.address });
  return {
    client: new Client({ connection, identity: 'test' }),
    async withWorker(activities, use) {
      const worker = await Worker.create({
        connection: native,
        identity: 'test',
        taskQueue,
        workflowBundle,
        activities,
        maxHeartbeatThrottleInterval: '100 ms',
      });
      return worker.runUntil(use);
    },
    async stop() {
      await connection.close();
      await native.close();
      await server.stop();
    },
  };
}
