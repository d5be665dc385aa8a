import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { probeTensorflow } from '@radiotracer/setup/tensorflow-probe';
import { benchPython } from './bench-python.ts';

/** What a measurement depends on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly tensorflow: string;
  /** Versions of PyTorch, pyarrow and Pillow; empty where no row needed them. */
  readonly python: string;
}

const versions =
  'import torch, pyarrow, PIL; print(f"PyTorch {torch.__version__}, pyarrow {pyarrow.__version__}, Pillow {PIL.__version__}")';

/** @param withPython - whether a row needed it */
export async function describeMachine(withPython: boolean): Promise<Machine> {
  const tensorflow = await probeTensorflow();
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    tensorflow: 'version' in tensorflow ? tensorflow.version : 'none',
    python: withPython ? execFileSync(await benchPython(), ['-c', versions], { encoding: 'utf8' }).trim() : '',
  };
}
