import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = `
  const tf = require('@tensorflow/tfjs-node-gpu');
  const { binding, isUsingGpuDevice } = tf.backend();
  const sum = tf.sum(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2]))).dataSync()[0];
  if (sum !== 12) throw new Error('the sum of a product of ones is ' + sum + ' instead of 12');
  console.log(JSON.stringify({ version: binding.TF_Version, gpu: isUsingGpuDevice }));
`;

/**
 * Loads TensorFlow and computes with it, in a process of its own: a native library that does not fit may abort.
 *
 * @returns {{ version: string, gpu: boolean, error?: undefined } | { error: string }} `gpu`: whether TensorFlow computes on one
 */
export function probeTensorflow() {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--eval', PROGRAM], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', NODE_OPTIONS: '' },
    encoding: 'utf8',
  });
  if (status === 0) return JSON.parse(stdout.trim().split('\n').pop() ?? '');
  const message = stderr.split('\n').find((line) => /^\w*Error: /.test(line));
  return { error: message ?? `it ended by ${signal ?? `exit code ${status}`}: ${stderr.trim().slice(-300)}` };
}
