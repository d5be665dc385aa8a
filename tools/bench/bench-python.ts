import { pythonVenv } from '@radiotracer/testing';

/** PyPI's PyTorch brings CUDA, 5 GB of it, which is not used here; its wheels without are on an index of its own. */
const requirements = ['torch==2.15.0', 'torchvision==0.29.2', 'numpy==2.4.6', 'pyarrow==26.0.1', 'pillow==13.0.0'];

/**
 * Path of a Python that has PyTorch, pyarrow and PIL: the one that `RADIOTRACER_BENCH_PYTHON` names, else one made in
 * the cache folder.
 */
export async function benchPython(): Promise<string> {
  return process.env['RADIOTRACER_BENCH_PYTHON'] || pythonVenv(requirements);
}
