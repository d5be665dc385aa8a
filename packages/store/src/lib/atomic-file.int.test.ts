import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic-file.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'radiotracer-atomic-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('writeFileAtomic', () => {
  it('is never seen half-written while many replace the file', async () => {
    const path = join(folder, 'checkpoint');
    const contents = Array.from({ length: 20 }, (_, i) => String.fromCharCode(65 + i).repeat(100_000));
    await writeFileAtomic(path, 'A'.repeat(100_000));
    const writers = Promise.all(contents.map((content) => writeFileAtomic(path, content)));
    for (let i = 0; i < 50; i++) {
      const seen = await readFile(path, 'utf8');
      expect(seen === seen.charAt(0).repeat(100_000)).toBe(true);
    }
    await writers;
    expect(await readdir(folder)).toEqual(['checkpoint']);
  });

  it('leaves nothing behind when it cannot replace the file', async () => {
    await mkdir(join(folder, 'checkpoint', 'inside'), { recursive: true });
    await expect(writeFileAtomic(join(folder, 'checkpoint'), 'x')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(await readdir(folder)).toEqual(['checkpoint']);
  });
});
