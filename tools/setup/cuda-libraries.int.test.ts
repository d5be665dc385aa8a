import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cudaLibraries } from './cuda-libraries.mjs';
import { pins } from './pins.mjs';

/** A wheel as NVIDIA's are: a library in a namespace package. */
const MAKE_WHEEL = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    wheel.writestr('nvidia/cublas/lib/libcublas.so.12', 'library')
    wheel.writestr('nvidia_example-1.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: nvidia-example\\nVersion: 1\\n')
    wheel.writestr('nvidia_example-1.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('nvidia_example-1.dist-info/RECORD', '')
`;

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'cuda-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

test('puts the libraries where libtensorflow for GPUs looks for them, anew where other versions are pinned', async () => {
  const wheel = join(cache, 'nvidia_example-1-py3-none-any.whl');
  execFileSync('python3', ['-c', MAKE_WHEEL, wheel]);
  const step = cudaLibraries(cache, [wheel]);
  expect(step.isDone()).toBe(false);
  await step.run();
  expect(step.isDone()).toBe(true);
  expect(existsSync(join(cache, 'nvidia/cublas/lib/libcublas.so.12'))).toBe(true);
  expect(readdirSync(cache).sort()).toEqual(['nvidia', 'nvidia_example-1-py3-none-any.whl']);
  expect(cudaLibraries(cache, [wheel, wheel]).isDone()).toBe(false);
});

test('every library is pinned', () => {
  for (const name of pins.cuda) expect(name).toMatch(/^nvidia-[a-z-]+-cu12==\d+(\.\d+)+$/);
});
