import { expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

jest.setTimeout(60_000);

/** What a fresh process loads beside JavaScript when it imports a module. */
async function sharedLibraries(module: string): Promise<string[]> {
  const script = `await import('${module}'); process.stdout.write(process.report.getReport().sharedObjects.join('\\n'));`;
  const node = ['--conditions=@radiotracer/source', '--import', 'tsx', '--input-type=module', '-e', script];
  const cwd = dirname(fileURLToPath(import.meta.url));
  return (await promisify(execFile)(process.execPath, node, { cwd })).stdout.split('\n');
}

it.each([
  ['@radiotracer/detector/judge', false],
  ['@radiotracer/detector', true],
])('%s loads TensorFlow: %p', async (module, expected) => {
  const libraries = await sharedLibraries(module);
  expect(libraries.length).toBeGreaterThan(3);
  expect(libraries.some((path) => /tensorflow/.test(path))).toBe(expected);
});
