import { pauseSignal } from '@radiotracer/workflows';
import { withClient, type ServerOptions } from '../connect.ts';
import { ComputationError } from '../errors.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';
import { requireRun } from '../run-record.ts';
import { storeOf } from '../store-place.ts';

export type Control = 'pause' | 'cancel';

/** Pauses or cancels a run. */
export async function controlCommand(
  control: Control,
  id: string,
  options: ServerOptions & GlobalOptions,
): Promise<void> {
  const store = storeOf(options);
  await requireRun(store, id);
  await withClient({ ...options, store }, async (client) => {
    const handle = client.workflow.getHandle(id);
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') {
      throw new ComputationError(`${id} cannot be ${done[control]}: it is ${status.name.toLowerCase()}`);
    }
    if (control === 'cancel') await handle.cancel();
    else await handle.signal(pauseSignal);
    printResult(options, { id, control }, `${id}: ${done[control]}`);
  });
}

const done: Readonly<Record<Control, string>> = { pause: 'paused', cancel: 'cancelled' };
