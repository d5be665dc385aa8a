import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { type Parameters, tf } from '@radiotracer/nets';

import { type Checkpoint, loadCheckpoint, type Position, saveCheckpoint } from './checkpoint.ts';

jest.setTimeout(60_000);

const saveScript = fileURLToPath(new URL('../../test/save-checkpoint.ts', import.meta.url));
const run = promisify(execFile);

/** Numbers that a detour by text, or by another precision, would change. */
const awkward = [-0, 1e-45, 3.4028234663852886e38, 0.1, 1 / 3, -Infinity];
const position: Position = {
  step: 12_345,
  log: [
    {
      epoch: 1,
      trainLoss: 0.1 + 0.2,
      trainAccuracy: 1 / 3,
      testLoss: 5e-324,
      testAccuracy: 0.9999999999999999,
      learningRate: 0.1,
    },
  ],
  lossSum: 1234.5678901234567,
  correct: 17,
};

let folder: string;
let path: string;
let tensorsBefore: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-checkpoint-'));
  path = join(folder, 'checkpoint.sealed');
  tensorsBefore = tf.memory().numTensors;
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

/** Name, shape and bits of every tensor, in their order. */
function bitsOf(tensors: Parameters): unknown[] {
  return Object.entries(tensors).map(([name, tensor]) => [
    name,
    tensor.shape,
    [...new Uint32Array((tensor.dataSync() as Float32Array).slice().buffer)],
  ]);
}

async function saveExample(): Promise<unknown> {
  const parameters = { 'conv.weight': tf.tensor(awkward, [1, 1, 2, 3]), 'fc.bias': tf.tensor1d([7]) };
  const velocities = { 'fc.bias': tf.tensor1d([-1e-20]), 'conv.weight': tf.tensor(awkward, [1, 1, 2, 3]) };
  await saveCheckpoint(path, { parameters, velocities, position });
  const bits = [bitsOf(parameters), bitsOf(velocities), position];
  tf.dispose([parameters, velocities]);
  return bits;
}

async function load(): Promise<unknown> {
  const { parameters, velocities, position } = (await loadCheckpoint(path)) as Checkpoint;
  const bits = [bitsOf(parameters), bitsOf(velocities), position];
  tf.dispose([parameters, velocities]);
  return bits;
}

describe('a checkpoint', () => {
  it('gives back weights, momentum and position to the bit, in their order', async () => {
    const saved = await saveExample();
    expect(await load()).toEqual(saved);
  });

  it('is undefined where there is none', async () => {
    expect(await loadCheckpoint(path)).toBeUndefined();
  });

  it('is replaced by the next one, and kept beside it', async () => {
    for (const step of [1, 2]) {
      await saveCheckpoint(path, { parameters: {}, velocities: {}, position: { ...position, step } });
    }
    const saved = await saveExample();
    expect(await load()).toEqual(saved);
    expect((await readdir(folder)).sort()).toEqual(['checkpoint.sealed', 'checkpoint.sealed.previous']);
  });

  it('gives way to the one before it when any byte is flipped or it is cut off, and to none when both are', async () => {
    const before = { parameters: {}, velocities: {}, position };
    await saveCheckpoint(path, before);
    await saveExample();
    const whole = readFileSync(path);
    for (let byte = 0; byte < whole.length; byte += 7) {
      const flipped = Buffer.from(whole);
      flipped[byte] = (flipped[byte] as number) ^ (1 << (byte % 8));
      for (const damaged of [flipped, whole.subarray(0, byte)]) {
        writeFileSync(path, damaged);
        expect(await loadCheckpoint(path)).toEqual(before);
      }
    }
    writeFileSync(`${path}.previous`, whole.subarray(1));
    expect(await loadCheckpoint(path)).toBeUndefined();
  });

  it('survives when the next one breaks off half-way', async () => {
    const saved = await saveExample();
    const node = [process.execPath, '--conditions=@radiotracer/source', '--import', 'tsx', saveScript, path, '4000000'];
    // May write 2 MB to a file, in blocks of 512 bytes; the checkpoint has 16.
    const limited = 'ulimit -f 4096; exec "$@"';
    await expect(run('sh', ['-c', limited, 'sh', ...node])).rejects.toThrow('EFBIG');
    expect(await load()).toEqual(saved);

    await run('sh', ['-c', 'exec "$@"', 'sh', ...node]);
    expect(await load()).not.toEqual(saved); // the same process without the limit does replace it
  });
});
