import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { libtensorflow, libtensorflowFolder } from './libtensorflow.mjs';
import { pins } from './pins.mjs';

/** A wheel in miniature: what is wanted, and a file that is not. */
const MAKE_WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    for name in ('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'include/tensorflow/c/c_api.h', '__init__.py'):
        wheel.writestr('tensorflow/' + name, name)
`;

let cache: string;
let wheel: string;
let pin: typeof pins.libtensorflow.cpu;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'libtensorflow-'));
  wheel = join(cache, 'small.whl');
  execFileSync('python3', ['-c', MAKE_WHEEL, wheel]);
  const sha256 = createHash('sha256').update(readFileSync(wheel)).digest('hex');
  pin = { ...pins.libtensorflow.cpu, file: 'small.whl', sha256 };
});
afterEach(() => rmSync(cache, { recursive: true }));

test('takes library and headers out of a wheel that lies in the cache, and leaves nothing else', async () => {
  const step = libtensorflow(cache, pin);
  expect(step.isDone()).toBe(false);
  await step.run();
  expect(step.isDone()).toBe(true);
  const folder = libtensorflowFolder(cache, pin);
  expect(readdirSync(folder).sort()).toEqual(['include', 'libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']);
  expect(readFileSync(join(folder, 'include/tensorflow/c/c_api.h'), 'utf8')).toBe('include/tensorflow/c/c_api.h');
  expect(readdirSync(cache)).toEqual(['libtensorflow-cpu-2.21.0']);
});

test('refuses a wheel with another checksum, says so and removes it', async () => {
  writeFileSync(wheel, 'damaged');
  const step = libtensorflow(cache, pin);
  await expect(step.run()).rejects.toMatchObject({
    name: 'SetupError',
    message: expect.stringMatching(`small.whl has SHA-256 [0-9a-f]{64} instead of ${pin.sha256}`),
  });
  expect(step.isDone()).toBe(false);
  expect(readdirSync(cache)).toEqual([]);
});

test('keeps the folder that another set-up has renamed into place meanwhile', async () => {
  const other = libtensorflow(cache, pin);
  const bytes = readFileSync(wheel);
  await other.run();
  writeFileSync(wheel, bytes);
  await expect(libtensorflow(cache, pin).run()).resolves.toBeUndefined();
  expect(readdirSync(cache)).toEqual(['libtensorflow-cpu-2.21.0']);
});

test('the variant for GPUs lies beside the other, with a wheel of its own', () => {
  const { cpu, gpu } = pins.libtensorflow;
  expect(libtensorflowFolder('/cache', gpu)).toBe('/cache/libtensorflow-gpu-2.21.0');
  expect(gpu.pipArguments[0]).toBe('tensorflow==2.21.0');
  expect(gpu.file.replace('tensorflow-', 'tensorflow_cpu-')).toBe(cpu.file);
  expect(gpu.sha256).not.toBe(cpu.sha256);
});
