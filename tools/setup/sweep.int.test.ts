import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sweep } from './sweep.mjs';

const temporary = [
  'chromium-153.0.0.a1B2c3/chromium',
  'libtensorflow-cpu-2.21.0.a1B2c3/tensorflow/part',
  'libtensorflow-cpu-2.21.0/tfjs_binding-0123456789abcdef.node.4711',
  'python/0123456789abcdef.4711/bin/python',
  'temporal-1.5.1.Zz09Aa/temporal',
  'tensorflow_cpu-2.21.0-cp311.whl.a1B2c3/part',
  'versitygw-1.8.0.a1B2c3/versitygw',
];
const kept = [
  'chromium-153.0.0/chromium',
  'libtensorflow-cpu-2.21.0/libtensorflow_cc.so.2',
  'libtensorflow-cpu-2.21.0/tfjs_binding-0123456789abcdef.node',
  'notes.backup',
  'python/0123456789abcdef/bin/python',
  'temporal-1.5.1/temporal',
  'tensorflow_cpu-2.21.0-cp311.whl',
];
const HOUR_MS = 3_600_000;

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'sweep-'));
  for (const path of [...temporary, ...kept]) {
    mkdirSync(dirname(join(cache, path)), { recursive: true });
    writeFileSync(join(cache, path), '');
  }
});
afterEach(() => rmSync(cache, { recursive: true }));

function files(): string[] {
  const entries = readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => join(parentPath, name).slice(cache.length + 1)).sort();
}

test('removes what an interrupted set-up left a day ago, and nothing that is in use', async () => {
  await sweep(cache, Date.now() + 25 * HOUR_MS);
  expect(files()).toEqual(kept);
});

test('leaves what another set-up may still be making', async () => {
  await sweep(cache, Date.now() + 23 * HOUR_MS);
  expect(files()).toEqual([...temporary, ...kept].sort());
});

test('does nothing where there is no cache yet', async () => {
  await expect(sweep(join(cache, 'none'))).resolves.toBeUndefined();
});
