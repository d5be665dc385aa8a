import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = `
  const tf = require('@tensorflow/tfjs-node-gpu');
  const { binding, isUsingGpuDevice } = tf.backend();
  const sum = tf.sum(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2]))).dataSync()[0];
  if (sum !== 12) throw new Error('a sum of products of ones is ' + sum + ' instead of 12');
  console.log('\\n' + JSON.stringify({ version: binding.TF_Version, gpu: isUsingGpuDevice }));
`;

/**
 * Loads TensorFlow and computes with it, in a process of its own, since a native library that does not fit may abort.
 *
 * @returns {Promise<{ version: string, gpu: boolean } | { error: string }>} `gpu`: whether TensorFlow computes on one
 */
export async function probeTensorflow() {
  const options = {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: '', TF_CPP_MIN_LOG_LEVEL: '2' },
  };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--eval', PROGRAM], options);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch (failure) {
    const { code, signal, stderr = '' } = /** @type {{ code?: number, signal?: string, stderr?: string }} */ (failure);
    const message = /^\w*Error: .*/m.exec(stderr)?.[0];
    return { error: message ?? `it ended by ${signal ?? `exit code ${code}`} ${stderr.slice(-300)}`.trim() };
  }
}
