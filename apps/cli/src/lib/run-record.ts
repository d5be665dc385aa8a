import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readSealed, writeSealed } from '@radiotracer/store';
import type { Where } from '@radiotracer/workflows';
import { InputError, UsageError } from './errors.ts';
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

const ENDING = '.sealed';
const recordsFolder = (store: string): string => join(notesFolder(store), 'runs');
const recordFile = (store: string, id: string): string =>
  join(recordsFolder(store), `${encodeURIComponent(id)}${ENDING}`);

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
  await mkdir(recordsFolder(store), { recursive: true });
  await writeSealed(recordFile(store, record.id), `${JSON.stringify(record, null, 2)}\n`);
}

/** Whether a run's result lies in its folder. */
export function hasFinished({ out }: Pick<RunRecord, 'out'>): boolean {
  return existsSync(join(out, 'result.json'));
}

/** The run of an id, if a command with this store started it; undefined also if its record is damaged. */
export async function findRun(store: string, id: string): Promise<RunRecord | undefined> {
  const text = await readSealed(recordFile(store, id));
  return text && (JSON.parse(text.toString()) as RunRecord);
}

/**
 * The run of an id.
 *
 * @throws InputError if its record is damaged; UsageError, naming the runs that there are, if there is none
 */
export async function requireRun(store: string, id: string): Promise<RunRecord> {
  const record = await findRun(store, id);
  if (record) return record;
  const known = await runIds(store);
  if (known.includes(id)) {
    throw new InputError(`${recordFile(store, id)} is damaged; give the command of ${id} again, which writes it anew`);
  }
  throw new UsageError(
    `no run "${id}" in the store ${store}; ` +
      (known.length > 0 ? `it knows ${known.join(', ')}` : 'it knows none; name another with --store'),
  );
}

async function runIds(store: string): Promise<string[]> {
  const files = await readdir(recordsFolder(store)).catch(() => []);
  const names = files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
  return names.map(decodeURIComponent);
}
