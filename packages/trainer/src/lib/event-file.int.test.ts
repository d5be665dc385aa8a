import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readEvents } from '../../test/read-events.ts';
import { EventFile } from './event-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-events-'));
  path = join(folder, 'logs', 'events.tfevents');
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes a value for each step; returns the size of the file. */
async function write(keptBytes: number, steps: readonly number[]): Promise<number> {
  const events = await EventFile.open(path, keptBytes);
  for (const step of steps) await events.write(step, { loss: 1 / step });
  const size = await events.sync();
  await events.close();
  expect((await stat(path)).size).toBe(size);
  return size;
}

const stepsOf = async (): Promise<number[]> => (await readEvents(path)).map(({ step }) => step);

it('holds what was written', async () => {
  const events = await EventFile.open(path, 0);
  const scalars = { 'train/loss': 0.1, 'Rate, größer': -1e-30, zero: 0, nan: NaN };
  const steps = [0, 1, 127, 128, 5_000_000_000]; // a varint of one byte, two, and more than 32 bits
  for (const step of steps) await events.write(step, scalars);
  await events.close();
  const read = await readEvents(path);
  const rounded = Object.fromEntries(Object.entries(scalars).map(([tag, value]) => [tag, Math.fround(value)]));
  expect(read).toEqual(steps.map((step) => ({ step, scalars: rounded, wallTime: expect.any(Number) })));
  expect(Math.floor((read[0]?.wallTime ?? 0) / 1e9)).toBe(Math.floor(Date.now() / 1e12)); // in seconds
});

it('goes on after the bytes that it was told to keep', async () => {
  const size = await write(0, [1, 2]);
  await write(size, [3, 4]);
  await appendFile(path, 'half a rec');
  await write(size, [3, 5]);
  expect(await stepsOf()).toEqual([1, 2, 3, 5]);
});

it.each([
  ['none is to be kept', 0],
  ['it has fewer bytes than are to be kept', 1_000_000],
])('begins anew where %s', async (_, keptBytes) => {
  await write(0, [1, 2]);
  await write(keptBytes, [7]);
  expect(await stepsOf()).toEqual([7]);
});
