import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

/** glibc's, which ends the process at the first block of memory that was written beyond its end. */
const CHECKED = { LD_PRELOAD: 'libc_malloc_debug.so.0', MALLOC_CHECK_: '3' };

const program = `
  import { tf } from './src/lib/tensorflow.ts';
  import { convolve } from './src/lib/convolution.ts';
  for (const channels of [4, 8]) for (const n of [1, 3]) for (let i = 0; i < 10; i++) tf.tidy(() => {
    const x = tf.randomNormal([n, 16, 16, channels], 0, 1, 'float32', i);
    const filter = tf.randomNormal([1, 1, channels, 2 * channels], 0, 1, 'float32', i);
    const { y, filterGradient } = convolve(x, filter, { stride: 2, padding: 0 });
    filterGradient(y).dataSync();
  });
  console.log('intact');
`;

async function run(): Promise<string> {
  const args = ['--conditions=@radiotracer/source', '--import', 'tsx', '--input-type=module', '-e', program];
  const options = { cwd: new URL('../..', import.meta.url), env: { ...process.env, ...CHECKED } };
  return (await promisify(execFile)(process.execPath, args, options)).stdout;
}

it('the gradient of a strided 1×1 filter with few channels leaves memory intact', async () => {
  expect(await run()).toBe('intact\n');
}, 60_000);
