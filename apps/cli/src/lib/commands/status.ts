import type { WorkflowHandle } from '@temporalio/client';
import { readProgress, type ExperimentProgress } from '@radiotracer/workflows';
import { withClient, type ServerOptions } from '../connect.ts';
import { outcomeText, progressLine, titleOf } from '../progress-text.ts';
import { printFinished, printResult, type GlobalOptions } from '../print-result.ts';
import { hasFinished, requireRun } from '../run-record.ts';
import { storeOf } from '../store-place.ts';

/** Tells how far a run is. */
export async function statusCommand(id: string, options: ServerOptions & GlobalOptions): Promise<void> {
  const store = storeOf(options);
  const { out } = await requireRun(store, id);
  if (hasFinished({ out })) return printFinished(options, { id, out });
  await withClient({ ...options, store }, async (client) => {
    const handle = client.workflow.getHandle(id);
    const { status } = await handle.describe();
    const progress = await readProgress(handle);
    const state = progress.paused && status.name === 'RUNNING' ? 'paused' : status.name.toLowerCase();
    printResult(options, { id, state, out, ...progress }, statusText(handle, state, progress));
  });
}

function statusText({ workflowId }: WorkflowHandle, state: string, { stages }: ExperimentProgress): string {
  const lines = stages.map((step) =>
    step.state === 'done' ? `  ${titleOf(step)}: done, ${outcomeText(step)}` : `  ${progressLine(step)}`,
  );
  return [`${workflowId}: ${state}`, ...lines].join('\n');
}
