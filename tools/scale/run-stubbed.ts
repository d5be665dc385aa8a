import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { startDevServer } from '@radiotracer/worker';
import { experiment, type ExperimentInput } from '@radiotracer/workflows';
import { stubActivities, type Call } from './stub-activities.ts';

/** What a workflow cost the server and the worker. */
export interface Load {
  readonly seconds: number;
  readonly historyEvents: number;
  readonly historyBytes: number;
  readonly activities: number;
  /** Activities that were ready at the same time, at most. */
  readonly fanOut: number;
  /** Of the inputs and results of activities. */
  readonly largestPayloadBytes: number;
  readonly payloadBytes: number;
  readonly workerPeakBytes: number;
  readonly serverPeakBytes: number;
}

/** Runs the experiment on a server of its own, with stages that compute nothing. */
export async function runStubbed(
  input: ExperimentInput,
): Promise<{ readonly calls: readonly Call[]; readonly load: Load }> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await startDevServer();
  const native = await NativeConnection.connect({ address: server.address });
  const channelArgs = { 'grpc.max_receive_message_length': 256 << 20 }; // a page of a history may have more than 4 MiB
  const connection = await Connection.connect({ address: server.address, channelArgs });
  try {
    const calls: Call[] = [];
    const worker = await Worker.create({
      connection: native,
      taskQueue: 'dry-run',
      workflowsPath: fileURLToPath(import.meta.resolve('@radiotracer/workflows/all-workflows')),
      activities: stubActivities(calls),
    });
    const { workflow } = new Client({ connection });
    const start = performance.now();
    const handle = await workflow.start(experiment, { taskQueue: 'dry-run', workflowId: 'imagenet', args: [input] });
    await worker.runUntil(handle.result());
    const seconds = (performance.now() - start) / 1000;
    const { historySize = 0, historyLength } = await handle.describe();
    const { events = [] } = await handle.fetchHistory();
    const payloads = (events ?? []).flatMap((event) => [
      event.activityTaskScheduledEventAttributes?.input,
      event.activityTaskCompletedEventAttributes?.result,
    ]);
    const sizes = payloads.flatMap((found) => found?.payloads ?? []).map(({ data }) => data?.length ?? 0);
    const load = {
      seconds,
      historyEvents: historyLength,
      historyBytes: historySize,
      activities: calls.length,
      fanOut: fanOut(calls.map(({ step }) => step)),
      largestPayloadBytes: Math.max(...sizes),
      payloadBytes: sizes.reduce((a, b) => a + b, 0),
      workerPeakBytes: process.resourceUsage().maxRSS * 1024,
      serverPeakBytes: await peakOfChild('temporal'),
    };
    return { calls, load };
  } finally {
    await connection.close();
    await native.close();
    await server.stop();
  }
}

/** Parts of the step that has most. */
function fanOut(steps: readonly string[]): number {
  const names = steps.map((step) => step.replace(/-\d+$/, ''));
  return Math.max(...names.map((name) => names.filter((other) => other === name).length));
}

/** Most memory that a child process of this one ever had, by its command's name. Linux. */
async function peakOfChild(command: string): Promise<number> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const field = (name: string): string => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? '';
    if (field('PPid') === String(process.pid) && field('Name') === command) return Number(field('VmHWM')) * 1024;
  }
  throw new Error(`scale: this process has no child ${command}`);
}
