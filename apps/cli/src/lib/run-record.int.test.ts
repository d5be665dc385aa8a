import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkRun, findRun, rememberRun, requireRun } from './run-record.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-runs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (id: string) =>
  ({ id, workflow: 'mark', out: join(folder, 'out'), input: { store: folder, locations: {} } }) as const;

test('a run is found again by its id', async () => {
  const store = join(folder, 'store');
  expect(await findRun(store, 'a/b')).toBeUndefined();
  await rememberRun(store, run('a/b'));
  expect(await requireRun(store, 'a/b')).toEqual(run('a/b'));
  await expect(requireRun(store, 'c')).rejects.toThrow(/no run "c" in the store .*; it knows a\/b/);
});

test('a run that begins again is not finished', async () => {
  await rememberRun(folder, run('a'));
  await writeFile(join(folder, 'out', 'result.json'), '{}');
  await rememberRun(folder, run('a'));
  expect(existsSync(join(folder, 'out', 'result.json'))).toBe(false);
});

test('a folder that holds something else is left alone', async () => {
  await rememberRun(folder, run('a'));
  await writeFile(join(folder, 'out', 'thesis.tex'), 'years of work');
  await checkRun(folder, run('a'));
  await expect(checkRun(folder, run('b'))).rejects.toThrow('is not empty and belongs to another run');
  expect(existsSync(join(folder, 'out', 'thesis.tex'))).toBe(true);
});

test('a check changes nothing', async () => {
  await rememberRun(folder, run('a'));
  await writeFile(join(folder, 'out', 'result.json'), '{}');
  await checkRun(folder, run('a'));
  await checkRun(folder, { ...run('a'), out: join(folder, 'new') });
  expect(existsSync(join(folder, 'out', 'result.json'))).toBe(true);
  expect(existsSync(join(folder, 'new'))).toBe(false);
  expect(await findRun(folder, 'a')).toEqual(run('a'));
});

test('a damaged record is told as such, and its run begins anew', async () => {
  await rememberRun(folder, run('a'));
  const file = join(folder, 'runs', 'a.sealed');
  const bytes = await readFile(file);
  bytes[20] = (bytes[20] as number) ^ 1;
  await writeFile(file, bytes);
  await writeFile(join(folder, 'runs', '%E0.json'), ''); // of another program
  await expect(requireRun(folder, 'a')).rejects.toThrow('a.sealed is damaged; give the command of a again');
  expect(await findRun(folder, 'a')).toBeUndefined();
  await rememberRun(folder, run('a'));
  expect(await requireRun(folder, 'a')).toEqual(run('a'));
});
