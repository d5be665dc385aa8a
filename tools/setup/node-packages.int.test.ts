import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isInstalled } from './node-packages.mjs';

const locked = {
  '': { name: 'repository' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/for-another-machine': { version: '2.0.0', integrity: 'sha512-b', optional: true },
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'node-packages-'));
  mkdirSync(join(root, 'node_modules'));
  writeLock('package-lock.json', locked);
});
afterEach(() => rmSync(root, { recursive: true }));

function writeLock(file: string, packages: object): void {
  writeFileSync(join(root, file), JSON.stringify({ packages }));
}

function isInstalledWith(packages: object): boolean {
  writeLock('node_modules/.package-lock.json', packages);
  return isInstalled(root);
}

test('finds the locked packages, of which those for other machines may lack', () => {
  expect(isInstalledWith({ 'node_modules/a': locked['node_modules/a'] })).toBe(true);
});

test.each([
  ['no package', {}],
  ['another version', { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
  ['another content', { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-c' } }],
  ['another command to link', { 'node_modules/a': { ...locked['node_modules/a'], bin: { a: 'a.js' } } }],
  ['one package too many', { 'node_modules/a': locked['node_modules/a'], 'node_modules/b': { version: '1.0.0' } }],
])('asks for an installation where there is %s', (_case, packages) => {
  expect(isInstalledWith(packages)).toBe(false);
});

test('asks for an installation where npm has not finished one', () => {
  expect(isInstalled(root)).toBe(false);
});
