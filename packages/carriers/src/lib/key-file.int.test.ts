import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyFileError } from './errors.ts';
import { generateKey, readKey } from './key-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-key-'));
  path = join(folder, 'marking.key');
});
afterEach(() => rm(folder, { recursive: true }));

/** The error's whole text, which must not show the key. */
async function rejection(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(KeyFileError);
  expect(error).toMatchObject({ path, retryable: false });
  expect(String((error as Error).stack) + JSON.stringify(error)).not.toMatch(/[0-9a-f]{16}/);
  return (error as Error).message;
}

describe('generateKey', () => {
  it('writes a file that only its owner can read, and that reads back as the same key', async () => {
    const key = await generateKey(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readKey(path)).keyId).toBe(key.keyId);
    expect(await readdir(folder)).toEqual(['marking.key']);
  });

  it('never makes the same key twice', async () => {
    const keys = await Promise.all([0, 1, 2, 3].map((i) => generateKey(`${path}${i}`)));
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(4);
  });

  it('never overwrites a file, and says what to do', async () => {
    await writeFile(path, 'something dear');
    expect(await rejection(generateKey(path))).toMatch(/exists, and a key is never overwritten: .* move the old key/);
    expect(await readFile(path, 'utf8')).toBe('something dear');
    expect(await readdir(folder)).toEqual(['marking.key']);
  });

  it('asks for a file where it is given a folder', async () => {
    await mkdir(path);
    expect(await rejection(generateKey(path))).toContain('is a folder; name a file in it that does not exist yet');
  });

  it('says that it cannot be written, and where', async () => {
    await writeFile(path, '');
    await expect(generateKey(join(path, 'my.key'))).rejects.toMatchObject({
      name: 'KeyFileError',
      message: expect.stringContaining('my.key cannot be written (ENOTDIR); choose a folder'),
    });
  });

  it('lets one of two win that write to the same path at once', async () => {
    const results = await Promise.allSettled([generateKey(path), generateKey(path)]);
    const made = results.filter((result) => result.status === 'fulfilled');
    expect(made).toHaveLength(1);
    expect((await readKey(path)).keyId).toBe(made[0]?.value.keyId);
  });
});

describe('readKey', () => {
  it.each(['0640', '0604', '0660', '0644'])('refuses mode %s and gives the command that mends it', async (mode) => {
    await generateKey(path);
    await chmod(path, parseInt(mode, 8));
    expect(await rejection(readKey(path))).toContain(`(mode ${mode}); run: chmod 600 '${path}'`);
  });

  it('accepts a read-only file', async () => {
    await generateKey(path);
    await chmod(path, 0o400);
    await readKey(path);
  });

  it('notices every flipped bit', async () => {
    await generateKey(path);
    const whole = await readFile(path);
    expect(whole.length).toBe(156);
    for (let bit = 0; bit < whole.length * 8; bit += 5) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await writeFile(path, flipped);
      expect(await rejection(readKey(path))).toMatch(/is not a key file of version 1|is damaged/);
    }
  });

  it('refuses a file that was cut off or goes on', async () => {
    await generateKey(path);
    const whole = await readFile(path);
    const twice = Buffer.concat([whole, whole]);
    for (const [content, found] of [
      [whole.subarray(0, 155), '155'],
      [twice, 'more than 156'],
      [Buffer.alloc(0), '0'],
    ] as const) {
      await writeFile(path, content);
      expect(await rejection(readKey(path))).toContain(`it has ${found} bytes, valid are 156`);
    }
  });

  it('says that there is no key', async () => {
    expect(await rejection(readKey(path))).toContain('does not exist');
  });

  it('does not wait for a pipe', async () => {
    execFileSync('mkfifo', ['-m', '600', path]);
    expect(await rejection(readKey(path))).toContain('is not a file');
  });

  it('says that a folder is no key, rather than to make it private', async () => {
    await mkdir(path, { mode: 0o755 });
    const message = await rejection(readKey(path));
    expect(message).toContain('is not a file');
    expect(message).not.toContain('chmod');
  });
});
