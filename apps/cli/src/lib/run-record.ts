import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@radiotracer/store';
import type { Where } from '@radiotracer/workflows';
import { UsageError } from './errors.ts';
import { requireEmpty } from './places.ts';
import type { RunName } from './run-kinds.ts';
import { notesFolder } from './store-place.ts';

/** What the store remembers of a workflow that a command started, so that its id is enough to find it again. */
export interface RunRecord {
  readonly id: string;
  readonly workflow: RunName;
  /** Absolute path of the folder that gets what people want of the result. */
  readonly out: string;
  /** Of the workflow: with it a run goes on after its server's database was lost. Holds no secret. */
  readonly input: Where;
}

const recordFile = (store: string, id: string): string =>
  join(notesFolder(store), 'runs', `${encodeURIComponent(id)}.json`);

/**
 * Checks that a run may leave its result in its folder; changes nothing.
 *
 * @throws UsageError if the folder holds something that is not of this run
 */
export async function checkRun(store: string, { id, out }: Pick<RunRecord, 'id' | 'out'>): Promise<void> {
  if ((await findRun(store, id))?.out !== out) await requireEmpty(out);
}

/** Remembers a run that has begun, and makes its folder. A `result.json` there will mean that it has finished. */
export async function rememberRun(store: string, record: RunRecord): Promise<void> {
  await mkdir(record.out, { recursive: true });
  await rm(join(record.out, 'result.json'), { force: true });
  await mkdir(join(notesFolder(store), 'runs'), { recursive: true });
  await writeFileAtomic(recordFile(store, record.id), `${JSON.stringify(record, null, 2)}\n`);
}

/** The run of an id, if a command with this store started it. */
export async function findRun(store: string, id: string): Promise<RunRecord | undefined> {
  try {
    return JSON.parse(await readFile(recordFile(store, id), 'utf8')) as RunRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The run of an id.
 *
 * @throws UsageError naming the runs that there are
 */
export async function requireRun(store: string, id: string): Promise<RunRecord> {
  const record = await findRun(store, id);
  if (record) return record;
  const known = (await readdir(join(notesFolder(store), 'runs')).catch(() => [])).map((file) =>
    decodeURIComponent(file.slice(0, -5)),
  );
  throw new UsageError(
    `no run "${id}" in the store ${store}; ` +
      (known.length > 0 ? `it knows ${known.join(', ')}` : 'it knows none; name another with --store'),
  );
}
