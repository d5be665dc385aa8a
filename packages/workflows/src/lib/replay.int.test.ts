import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { jest } from '@jest/globals';

/*
 * Workflows that run for days meet new code: today's workflows must go through the histories of earlier ones. They are
 * recorded by `apps/worker/test/record-histories.ts`.
 */
jest.setTimeout(120_000);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const histories = path('../../test/histories/');
const bundle = (workflowsPath: string) =>
  bundleWorkflowCode({ workflowsPath: path(workflowsPath), logger: new DefaultLogger('ERROR') });

async function history(file: string): Promise<{ events: { eventType: string }[] }> {
  return JSON.parse(await readFile(histories + file, 'utf8'));
}

test("today's workflows replay every committed history", async () => {
  const workflowBundle = await bundle('../all-workflows.ts');
  const names = (await readdir(histories)).map((file) => file.replace('.json', '')); // also the workflows' ids
  for (const name of names) await Worker.runReplayHistory({ workflowBundle }, await history(`${name}.json`), name);
  expect(names.sort()).toEqual(['detect', 'experiment', 'experiment-paused', 'mark', 'sweep', 'train']);
});

test('the history of a paused experiment holds a stage that was cancelled and run again', async () => {
  const { events } = await history('experiment-paused.json');
  const types = events.map(({ eventType }) => eventType);
  expect(types.filter((type) => type === 'EVENT_TYPE_ACTIVITY_TASK_CANCELED')).toHaveLength(1);
  expect(types.at(-1)).toBe('EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED');
});

test('a workflow whose steps were put in another order does not replay', async () => {
  const workflowBundle = await bundle('../../test/changed-workflows.ts');
  const replay = Worker.runReplayHistory({ workflowBundle }, await history('train.json'), 'train');
  await expect(replay).rejects.toMatchObject({ name: 'DeterminismViolationError' });
});

test('a workflow that imports a module of Node cannot be bundled', async () => {
  await expect(bundle('../../test/forbidden-workflows.ts')).rejects.toThrow('fs/promises');
});
