/**
 * Records a history of each workflow, from a real server with mocked activities, into
 * `packages/workflows/test/histories`; its replay tests read them. Run it when a workflow is changed on purpose:
 *
 *     node --conditions=@radiotracer/source --import tsx apps/worker/test/record-histories.ts
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { WorkflowHandle } from '@temporalio/client';
import {
  detect,
  experiment,
  mark,
  pauseSignal,
  progressQuery,
  resumeSignal,
  sweep,
  train,
} from '@radiotracer/workflows';
import { experimentInput, sweepInput } from './inputs.ts';
import { mockActivities, untilCancelled } from './mock-activities.ts';
import { startMockedServer, taskQueue } from './mocked-worker.ts';
import { eventually } from './probe.ts';

const folder = new URL('../../../packages/workflows/test/histories/', import.meta.url);
await mkdir(folder, { recursive: true });
const input = experimentInput('/store', { key: '/safe/key' });
const server = await startMockedServer();
const { workflow } = server.client;
const options = { taskQueue };

async function record(name: string, handle: WorkflowHandle): Promise<void> {
  await handle.result();
  const history = historyToJSON(await handle.fetchHistory());
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(JSON.parse(history), null, 1)}\n`);
  console.log(`recorded ${name}`);
}

try {
  await server.withWorker(mockActivities().activities, async () => {
    const whole = await workflow.start(experiment, { ...options, workflowId: 'experiment', args: [input] });
    await record('experiment', whole);
    const study = await workflow.start(sweep, { ...options, workflowId: 'sweep', args: [sweepInput('/store')] });
    await record('sweep', study);
    const marking = { ...input, training: input.training.marking };
    const marked = await workflow.start(mark, { ...options, workflowId: 'mark', args: [marking] });
    await record('mark', marked);
    const training = { ...input, training: input.training.suspect };
    const trained = await workflow.start(train, { ...options, workflowId: 'train', args: [training] });
    await record('train', trained);
    const models = [{ name: 'suspect', network: (await trained.result()).network }];
    const detection = { ...input, marked: await marked.result(), models };
    await record('detect', await workflow.start(detect, { ...options, workflowId: 'detect', args: [detection] }));
  });

  let isFirst = true;
  const slowAtFirst = mockActivities({
    'mark-images': async (request) => {
      if (isFirst) await untilCancelled(request).finally(() => (isFirst = false));
    },
  });
  await server.withWorker(slowAtFirst.activities, async () => {
    const handle = await workflow.start(experiment, { ...options, workflowId: 'experiment-paused', args: [input] });
    const stateOfMarking = async () => (await handle.query(progressQuery)).stages[5]?.state;
    await eventually(async () => (await stateOfMarking()) === 'running');
    await handle.signal(pauseSignal);
    await eventually(async () => (await stateOfMarking()) === 'waiting');
    await handle.signal(resumeSignal);
    await record('experiment-paused', handle);
  });
} finally {
  await server.stop();
}
