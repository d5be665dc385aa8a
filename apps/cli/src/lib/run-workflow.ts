import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { defaultTaskQueue, type Where } from '@radiotracer/workflows';
import { connect, type ServerOptions } from './connect.ts';
import { exitCodes, InterruptedError, UnreachableError, UsageError } from './errors.ts';
import { follow } from './follow.ts';
import { ensureLocalServer, stopLocalServer, type LocalServer } from './local-server.ts';
import type { ProgressView } from './progress-view.ts';
import { workflowId } from './workflow-inputs.ts';

export interface RunWorkflowOptions extends ServerOptions {
  readonly id: string;
  readonly view: ProgressView;
  /** Start it and return; it goes on in the background. */
  readonly detach?: boolean;
  /** Leave a local server that this call started running, once the workflow has succeeded. */
  readonly keepServer?: boolean;
}

export interface WorkflowRun<Result> {
  /** Undefined when detached. */
  readonly result: Result | undefined;
  /** The run in Temporal's web UI, if that is still there. */
  readonly uiUrl?: string;
}

/**
 * Starts a workflow, or attaches to the one of this id that runs already, and shows its progress until it ends.
 * Without an address it does so on the store's local server, which is started where it does not run, and then stopped
 * again.
 *
 * @throws InterruptedError on Ctrl-C: the workflow keeps its state, and the same call goes on with it
 */
export async function runWorkflow<Input extends Where, Result>(
  workflow: (input: Input) => Promise<Result>,
  input: Input,
  options: RunWorkflowOptions,
): Promise<WorkflowRun<Result>> {
  const { view, id, namespace } = options;
  const interrupt = new AbortController();
  const onSignal = (): void => {
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
    view.note('stopping (Ctrl-C again: at once)…');
    interrupt.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

  const local = options.address === undefined ? await ensureLocalServer(options.store) : undefined;
  const address = options.address ?? (local as { server: LocalServer }).server.address;
  let isLeftUp = !local?.isNew;
  const client = await connect(address, namespace);
  try {
    if (!local) await requireWorker(client, address, namespace);
    const handle = await startOrAttach(client, workflow, input, options);
    const uiUrl = local && `${local.server.uiAddress}/namespaces/${namespace}/workflows/${id}`;
    if (uiUrl) view.note(`watch it at ${uiUrl}`);
    const result = options.detach ? undefined : await follow<Result>(handle, view, interrupt.signal);
    isLeftUp ||= Boolean(options.detach || options.keepServer) || (await hasOtherRuns(client, namespace, id));
    return { result, ...(uiUrl && isLeftUp && { uiUrl }) };
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    isLeftUp ||= await hasOtherRuns(client, namespace, id);
    throw new InterruptedError(
      isLeftUp
        ? `no longer watching ${id}, which goes on at ${address}; "radiotracer cancel ${id}" ends it`
        : `interrupted; run the same command again to go on with ${id}`,
    );
  } finally {
    view.stop();
    if (local && !isLeftUp) await stopLocalServer(local.server);
    await client.connection.close();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

async function startOrAttach<Input extends Where, Result>(
  client: Client,
  workflow: (input: Input) => Promise<Result>,
  input: Input,
  { id, view }: RunWorkflowOptions,
): Promise<WorkflowHandle> {
  const work = workflowId(workflow.name, input);
  const running = await runningRun(client, id);
  if (running && running.memo?.['work'] !== work) {
    throw new UsageError(`${id} runs already with other settings; choose another --id, or cancel it first`);
  }
  view.note(running ? `taking up ${id}, begun ${running.startTime.toLocaleString()}` : `starting ${id}`);
  return client.workflow.start<(input: Input) => Promise<Result>>(workflow, {
    taskQueue: defaultTaskQueue,
    workflowId: id,
    workflowIdConflictPolicy: 'USE_EXISTING',
    memo: { work },
    args: [input],
  });
}

async function runningRun(
  client: Client,
  id: string,
): Promise<Awaited<ReturnType<WorkflowHandle['describe']>> | undefined> {
  try {
    const description = await client.workflow.getHandle(id).describe();
    return description.status.name === 'RUNNING' ? description : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** Without a worker a workflow would wait for ever, and say nothing. */
async function requireWorker(client: Client, address: string, namespace: string): Promise<void> {
  const taskQueue = { name: defaultTaskQueue };
  const { pollers } = await client.workflowService.describeTaskQueue({ namespace, taskQueue, taskQueueType: 1 });
  if (pollers && pollers.length > 0) return;
  throw new UnreachableError(
    `no worker listens at ${address}; start one with "radiotracer worker --address ${address}"`,
  );
}

async function hasOtherRuns(client: Client, namespace: string, id: string): Promise<boolean> {
  const query = `ExecutionStatus = 'Running' AND WorkflowId != '${id}'`;
  const { count } = await client.workflowService.countWorkflowExecutions({ namespace, query });
  return Number(count) > 0;
}
