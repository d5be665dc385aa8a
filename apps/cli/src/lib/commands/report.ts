import { join } from 'node:path';
import { commandLine } from '../command-line.ts';
import { withClient, type ServerOptions } from '../connect.ts';
import { ComputationError, UsageError } from '../errors.ts';
import { resultOf } from '../follow.ts';
import { leaveResult } from '../leave-result.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';
import { runKinds } from '../run-kinds.ts';
import { hasFinished, requireRun } from '../run-record.ts';
import { openStoreHere, storeOf } from '../store-place.ts';

/** Tells where the report of a run lies; fetches it first where the run went on in the background. */
export async function reportCommand(id: string, options: ServerOptions & GlobalOptions): Promise<void> {
  const store = storeOf(options);
  const record = await requireRun(store, id);
  const kind = runKinds[record.workflow];
  if (!('report' in kind)) {
    throw new UsageError(`${id} is a ${record.workflow}, which has no report; its results are in ${record.out}`);
  }
  const report = join(record.out, kind.report);
  if (!hasFinished(record)) {
    await withClient({ ...options, store }, async (client) => {
      const handle = client.workflow.getHandle(id);
      const description = await handle.describe();
      if (description.status.name === 'RUNNING') {
        const status = commandLine(['status', id], options);
        throw new ComputationError(`${id} is not finished; "${status}" tells how far it is`);
      }
      await leaveResult(await openStoreHere(store), record, await resultOf(handle));
    });
  }
  printResult(options, { id, report }, report);
}
