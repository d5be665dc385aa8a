import type { Client } from '@temporalio/client';
import { pauseSignal, readProgress } from '@radiotracer/workflows';
import { commandLine } from './command-line.ts';
import type { ProgressView } from './progress-view.ts';

/** Ids of the runs of a server that have not ended, paused or not; without those that a run has itself begun. */
async function openRuns(client: Client): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId, parentExecution } of client.workflow.list({ query: `ExecutionStatus = 'Running'` })) {
    if (!parentExecution) ids.push(workflowId);
  }
  return ids;
}

/** Whether runs other than one go on: are open, and not paused. */
export async function othersGoOn(client: Client, id?: string): Promise<boolean> {
  for (const other of await openRuns(client)) {
    if (other === id) continue;
    const progress = await readProgress(client.workflow.getHandle(other)).catch(() => undefined);
    if (!progress?.paused) return true;
  }
  return false;
}

/**
 * Pauses every run but one. A server that starts takes up all that it had when it was stopped; stages run one at a
 * time, so what a person asks for now would wait for what he stopped earlier.
 */
export async function pauseOthers(
  client: Client,
  { id, store, view }: { readonly id: string; readonly store: string; readonly view: Pick<ProgressView, 'note'> },
): Promise<void> {
  for (const other of await openRuns(client)) {
    if (other === id) continue;
    await client.workflow.getHandle(other).signal(pauseSignal);
    view.note(
      `paused ${other}, which was not finished; "${commandLine(['resume', other], { store })}" goes on with it`,
    );
  }
}
