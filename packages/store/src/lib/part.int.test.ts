import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPart, makePart } from './part.ts';
import { remember } from './remember.ts';

let scratch: string;
beforeEach(async () => (scratch = await mkdtemp(join(tmpdir(), 'radiotracer-part-'))));
afterEach(() => rm(scratch, { recursive: true }));

const make = async (folder: string): Promise<{ rows: number }> => {
  await mkdir(join(folder, 'train'));
  await writeFile(join(folder, 'train', 'a.bin'), 'first');
  await writeFile(join(folder, 'b.bin'), '');
  return { rows: 3 };
};

it('is found with its facts and files', async () => {
  expect(await findPart(scratch, 'one')).toBeUndefined();
  const made = await makePart(scratch, 'one', make);
  expect(await findPart(scratch, 'one')).toEqual(made);
  expect(made.facts).toEqual({ rows: 3 });
  expect(await readFile(join(made.folder, 'train', 'a.bin'), 'utf8')).toBe('first');
  expect(await findPart(scratch, 'two')).toBeUndefined();
});

it('is not found where a byte of file or seal was flipped, or one of them is missing; and is made again', async () => {
  for (const damage of [
    (file: string) => writeFile(file, 'fIrst'),
    (file: string) => rm(file),
    () => rm(join(scratch, 'one.sealed')),
    () => writeFile(join(scratch, 'one.sealed'), 'no seal'),
  ]) {
    const { folder } = await makePart(scratch, 'one', make);
    await damage(join(folder, 'train', 'a.bin'));
    expect(await findPart(scratch, 'one')).toBeUndefined();
    const again = await makePart(scratch, 'one', make);
    expect(await findPart(scratch, 'one')).toEqual(again);
  }
});

it('leaves nothing where making fails, and removes what a killed attempt left', async () => {
  const failing = makePart(scratch, 'one', async (folder) => {
    await make(folder);
    throw new Error('disk full');
  });
  await expect(failing).rejects.toThrow('disk full');
  expect(await readdir(scratch)).toEqual([]);
  await mkdir(join(scratch, '.one.of-a-killed-attempt'));
  await mkdir(join(scratch, '.two.of-another-part'));
  await makePart(scratch, 'one', make);
  expect((await readdir(scratch)).sort()).toEqual([
    '.two.of-another-part',
    expect.stringMatching(/^one\.[0-9a-f-]{36}$/),
    'one.sealed',
  ]);
});

it('bytes are remembered, unless they were damaged', async () => {
  const file = join(scratch, 'bytes');
  let made = 0;
  const ask = () => remember(file, async () => Buffer.from(`made ${++made}`));
  expect(String(await ask())).toBe('made 1');
  expect(String(await ask())).toBe('made 1');
  await writeFile(file, (await readFile(file, 'utf8')).replace('made 1', 'made 7'));
  expect(String(await ask())).toBe('made 2');
});
