import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { inTurn } from './in-turn.ts';
import { thisProcess } from './process-identity.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'radiotracer-turn-'))));
afterEach(() => rm(folder, { recursive: true }));

it('lets one after the other work, and leaves nothing', async () => {
  let working = 0;
  const work = async (): Promise<number> => {
    const now = ++working;
    await setTimeout(5);
    working--;
    return now;
  };
  const lock = join(folder, 'lock');
  expect(await Promise.all([1, 2, 3].map(() => inTurn(lock, work)))).toEqual([1, 1, 1]);
  await expect(inTurn(lock, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await readdir(folder)).toEqual([]);
});

it('does not wait for a process that died', async () => {
  const lock = join(folder, 'lock');
  await mkdir(lock);
  await writeFile(join(lock, 'lock-1'), JSON.stringify({ ...(await thisProcess()), start: 'long ago' }));
  expect(await inTurn(lock, async () => 'done')).toBe('done');
  expect(await readdir(folder)).toEqual([]);
});
