import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readKey } from '@radiotracer/carriers';
import { carryOut } from '../carry-out.ts';
import type { ServerOptions } from '../connect.ts';
import { UsageError } from '../errors.ts';
import { printResult, type GlobalOptions } from '../print-result.ts';
import { progressView } from '../progress-view.ts';
import type { RunInput } from '../run-kinds.ts';
import { requireRun } from '../run-record.ts';
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
  if (existsSync(join(out, 'result.json'))) {
    return printResult(options, { id, state: 'completed', out }, `${id}: completed; its results are in ${out}`);
  }
  if (input === undefined) {
    throw new UsageError(`${id} was begun by an older version, which did not note its input; give its command again`);
  }
  const { key } = input.locations;
  const keyFile = key === undefined ? undefined : { path: key, keyId: (await readKey(key)).keyId, isNew: false };
  const work = { name: workflow, input: { ...input, store } as RunInput<typeof workflow> };
  await carryOut({ ...work, ...(keyFile && { key: keyFile }) }, progressView(options), { ...options, store, out, id });
}
