import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const main = join(import.meta.dirname, 'main.mjs');

test('names everything that is missing at once, without a stack, and changes nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'setup-'));
  const cache = join(folder, 'cache');
  const env = { PATH: folder, RADIOTRACER_CACHE: cache };
  const { status, stderr } = spawnSync(process.execPath, [main], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  // npm is asked for only where packages are not as the lock file has them, as in a clone that is being worked on
  const lines = stderr.split('\n').filter((line) => !line.startsWith('npm: '));
  expect(lines).toEqual([
    'set-up failed:',
    'python3 with pip and venv: not found. To do: install them: apt-get install python3-pip python3-venv',
    'g++: not found. To do: install a C++ compiler: apt-get install g++',
    'go: not found. To do: install Go 1.21+ (https://go.dev/dl)',
    '',
  ]);
  expect(existsSync(cache)).toBe(false);
  rmSync(folder, { recursive: true });
});
