import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** When each artefact of a stage in a store was begun, by its key. */
export async function begun(store: string, stage: string): Promise<Record<string, string>> {
  const keys = await readdir(join(store, 'artifacts', stage)).catch(() => []);
  const times = keys.map(async (key) => {
    const record = await readFile(join(store, 'artifacts', stage, key, 'run.json'), 'utf8');
    return [key, (JSON.parse(record) as { startedAt: string }).startedAt] as const;
  });
  return Object.fromEntries(await Promise.all(times));
}
