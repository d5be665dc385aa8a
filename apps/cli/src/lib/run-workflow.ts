import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { defaultTaskQueue, resumeSignal, type Where } from '@radiotracer/workflows';
import { commandLine } from './command-line.ts';
import { connect, explained, localEndpoint, remoteEndpoint, type Endpoint, type ServerOptions } from './connect.ts';
import { currentServer } from './current-server.ts';
import { causeOf, diagnoseServer } from './diagnose-server.ts';
import { exitCodes, InterruptedError, UnreachableError, UsageError } from './errors.ts';
import { follow } from './follow.ts';
import { stopLocalServer, type LocalServer } from './local-server.ts';
import type { ProgressView } from './progress-view.ts';
import { othersGoOn, pauseOthers } from './running-runs.ts';
import { placesHash, workflowId } from './workflow-inputs.ts';

export interface RunWorkflowOptions extends ServerOptions {
  readonly id: string;
  readonly view: ProgressView;
  /** Called once the workflow runs: until then another one of this id is as it was. */
  readonly onStarted: () => Promise<void>;
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
  const { view, id, store, address } = options;
  const interrupt = new AbortController();
  const onSignal = (): void => {
    if (interrupt.signal.aborted) {
      view.stop();
      process.exit(exitCodes.interrupted);
    }
    view.note('stopping (Ctrl-C again: at once)…');
    interrupt.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

  let local: { server: LocalServer; isNew: boolean } | undefined;
  let client: Client | undefined;
  let isStarted = false;
  let isLeftUp = false;
  try {
    if (address === undefined) local = await currentServer(store, view);
    isLeftUp = !local?.isNew;
    const endpoint = local ? localEndpoint(local.server) : remoteEndpoint(address as string, options.namespace);
    client = await connect(endpoint);
    if (!local) await requireWorker(client, endpoint);
    if (local?.isNew) await pauseOthers(client, { id, store, view });
    interrupt.signal.throwIfAborted();
    const handle = await startOrAttach(client, workflow, input, options);
    isStarted = true;
    await options.onStarted();
    const uiUrl = local && `${local.server.uiAddress}/namespaces/${endpoint.namespace}/workflows/${id}`;
    if (uiUrl) view.note(`watch it at ${uiUrl}`);
    const resume = commandLine(['resume', id], options);
    const { signal } = interrupt;
    const diagnose = async (): Promise<Error | undefined> => local && diagnoseServer(local.server, options);
    const result = options.detach ? undefined : await follow<Result>(handle, { view, resume, signal, diagnose });
    isLeftUp ||= Boolean(options.detach || options.keepServer) || (await othersGoOn(client, id));
    return { result, ...(uiUrl && isLeftUp && { uiUrl }) };
  } catch (error) {
    isLeftUp ||= client !== undefined && (await othersGoOn(client, id).catch(() => false));
    if (!interrupt.signal.aborted) throw explained((await causeOf(error, store)) ?? error, options);
    throw new InterruptedError(
      isStarted && isLeftUp
        ? `no longer watching ${id}, which goes on; "${commandLine(['cancel', id], options)}" ends it`
        : `interrupted; run the same command again to go on with ${id}`,
    );
  } finally {
    view.stop();
    await client?.connection.close();
    if (local && !isLeftUp) await stopLocalServer(local.server);
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

async function startOrAttach<Input extends Where, Result>(
  client: Client,
  workflow: (input: Input) => Promise<Result>,
  input: Input,
  { id, view }: RunWorkflowOptions,
): Promise<WorkflowHandle> {
  const memo = { work: workflowId(workflow.name, input), places: placesHash(input) };
  const running = await runningRun(client, id);
  if (running && running.memo?.['work'] !== memo.work) {
    throw new UsageError(`${id} runs already with other settings; choose another --id, or cancel it first`);
  }
  const isElsewhere = running && running.memo?.['places'] !== memo.places;
  if (isElsewhere) {
    view.note(`ending ${id}, which works with the paths of then; what it finished is taken from the store`);
    const handle = client.workflow.getHandle(id);
    await handle.cancel();
    await handle.result().catch(() => undefined); // it ends as cancelled, or as it was about to
  }
  const isTakenUp = running && !isElsewhere;
  view.note(isTakenUp ? `taking up ${id}, begun ${running.startTime.toLocaleString()}` : `starting ${id}`);
  const handle = await client.workflow.start<(input: Input) => Promise<Result>>(workflow, {
    taskQueue: defaultTaskQueue,
    workflowId: id,
    workflowIdConflictPolicy: 'USE_EXISTING',
    memo,
    args: [input],
  });
  if (isTakenUp) await handle.signal(resumeSignal); // may have been paused in favour of another, see `pauseOthers`
  return handle;
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
async function requireWorker(client: Client, { address, namespace }: Endpoint): Promise<void> {
  const taskQueue = { name: defaultTaskQueue };
  const { pollers } = await client.workflowService.describeTaskQueue({ namespace, taskQueue, taskQueueType: 1 });
  if (pollers && pollers.length > 0) return;
  const worker = commandLine(['worker', '--address', address], {});
  throw new UnreachableError(`no worker listens at ${address}; start one with "${worker}"`);
}
