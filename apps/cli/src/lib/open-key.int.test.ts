import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeKey, openKey } from './open-key.ts';

let folder: string;
let cwd: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-key-'));
  cwd = process.cwd();
  process.chdir(folder);
});
afterEach(async () => {
  process.chdir(cwd);
  await rm(folder, { recursive: true, force: true });
});

test('a key is made at the default path, and used the next time', async () => {
  const made = await openKey('radiotracer.key', {});
  expect(made).toMatchObject({ path: join(process.cwd(), 'radiotracer.key'), isNew: true });
  expect(await openKey('radiotracer.key', {})).toEqual({ ...made, isNew: false });
});

test('no key is made at a path that was given', async () => {
  await expect(openKey('typo.key', {})).rejects.toMatchObject({
    name: 'InputError',
    message: 'there is no key typo.key; make it with "radiotracer keygen typo.key"',
  });
  expect(existsSync('typo.key')).toBe(false);
});

test('no key is made for a run that its folder forbids', async () => {
  await writeFile('thesis.tex', '');
  await expect(openKey('radiotracer.key', { out: '.' })).rejects.toThrow('is not empty');
  expect(existsSync('radiotracer.key')).toBe(false);
  await openKey('radiotracer.key', { out: 'new' });
});

test('a folder made for a key is its owner’s alone', async () => {
  const { path } = await makeKey('safe/deep/my.key');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat('safe')).mode & 0o777).toBe(0o700);
});
