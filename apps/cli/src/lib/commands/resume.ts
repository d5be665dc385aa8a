import { readKey } from '@radiotracer/carriers';
import { carryOut } from '../carry-out.ts';
import type { ServerOptions } from '../connect.ts';
import { printFinished, type GlobalOptions } from '../print-result.ts';
import { progressView } from '../progress-view.ts';
import type { RunInput } from '../run-kinds.ts';
import { hasFinished, requireRun } from '../run-record.ts';
import { storeOf } from '../store-place.ts';

export interface ResumeOptions extends ServerOptions, GlobalOptions {
  readonly detach?: true;
}

/**
 * Goes on with a run that was paused, stopped or cut off: also where its server has forgotten it, or was lost with its
 * database, for what was finished is found in the store.
 */
export async function resumeCommand(id: string, options: ResumeOptions): Promise<void> {
  const store = storeOf(options);
  const { out, workflow, input } = await requireRun(store, id);
  if (hasFinished({ out })) return printFinished(options, { id, out });
  const { key } = input.locations;
  const keyFile = key === undefined ? undefined : { path: key, keyId: (await readKey(key)).keyId, isNew: false };
  const work = { name: workflow, input: { ...input, store } as RunInput<typeof workflow> };
  await carryOut({ ...work, ...(keyFile && { key: keyFile }) }, progressView(options), { ...options, store, out, id });
}
