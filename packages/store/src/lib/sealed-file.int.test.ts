import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSealed, writeSealed } from './sealed-file.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'radiotracer-sealed-'))));
afterEach(() => rm(folder, { recursive: true }));

it.each([[''], ['checkpoint'], [new Uint8Array(100_000).fill(7)]])('gives back what was written', async (data) => {
  const file = join(folder, 'file');
  await writeSealed(file, data);
  expect(await readSealed(file)).toEqual(Buffer.from(data));
});

it('gives nothing where nothing was written, where a byte was flipped or the end is missing', async () => {
  const file = join(folder, 'file');
  expect(await readSealed(file)).toBeUndefined();
  await writeSealed(file, 'checkpoint');
  const bytes = await readFile(file);
  for (let i = 0; i < bytes.length; i++) {
    const flipped = Buffer.from(bytes);
    flipped[i] = (bytes[i] as number) ^ 1;
    await writeFile(file, flipped);
    expect(await readSealed(file)).toBeUndefined();
    await writeFile(file, bytes.subarray(0, i));
    expect(await readSealed(file)).toBeUndefined();
  }
  await writeFile(file, bytes);
  expect((await readSealed(file))?.toString()).toBe('checkpoint');
});
