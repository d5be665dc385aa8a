import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Run } from './experiment.ts';
import { listing, processesNaming } from './processes.ts';

/** A process that was told to end is given so long. */
const PATIENCE_MS = 5_000;

/** What a run that has ended, and whose server was stopped, left besides its result: processes, files half-made. */
export async function leftBehind(run: Run): Promise<string[]> {
  const working = listing(join(run.store, 'working')).map((name) => `working/${name}`);
  for (const deadline = Date.now() + PATIENCE_MS; ; await setTimeout(100)) {
    const processes = processesNaming(run.folder);
    if (processes.length === 0 || Date.now() > deadline)
      return [...working, ...processes.map((pid) => `process ${pid}`)];
  }
}
