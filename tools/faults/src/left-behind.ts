import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Run } from './experiment.ts';
import { listing, processesNaming } from './processes.ts';

/** A process that was told to end is given so long. */
const PATIENCE_MS = 5_000;

/**
 * What a run whose server was stopped left besides its result: processes, files half-made.
 *
 * @param options.isUnfinished - it may go on, so it keeps its checkpoints
 */
export async function leftBehind(run: Run, { isUnfinished = false } = {}): Promise<string[]> {
  const working = isUnfinished ? [] : listing(join(run.store, 'working')).map((name) => `working/${name}`);
  for (const deadline = Date.now() + PATIENCE_MS; ; await setTimeout(100)) {
    const processes = processesNaming(run.folder);
    if (processes.length === 0 || Date.now() > deadline)
      return [...working, ...processes.map((pid) => `process ${pid}`)];
  }
}
