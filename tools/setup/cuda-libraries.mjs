import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pins } from './pins.mjs';
import { checkPython } from './requirements.mjs';
import { runCommand } from './run-command.mjs';

/**
 * The step that puts NVIDIA's libraries where libtensorflow for GPUs looks for them: in `nvidia/*\/lib` beside its own
 * folder. The driver is the machine's.
 *
 * @param {string} cache - the cache folder
 * @param {readonly string[]} [packages] - of PyPI, with their versions
 * @returns {import('./main.mjs').Step}
 */
export function cudaLibraries(cache, packages = pins.cuda) {
  const folder = join(cache, 'nvidia');
  const mark = join(folder, createHash('sha256').update(packages.join()).digest('hex').slice(0, 16));
  return {
    name: 'CUDA libraries',
    isDone: () => existsSync(mark),
    needs: () => [checkPython()],
    diskBytes: { [cache]: 10e9 },
    run: async () => {
      console.log('  downloading (3.1 GB)');
      await mkdir(cache, { recursive: true });
      const aside = await mkdtemp(`${folder}.`);
      try {
        const pip = ['python3', '-m', 'pip', 'install', '--quiet', '--progress-bar=on', '--no-deps', '--no-cache-dir'];
        await runCommand(
          [...pip, '--only-binary=:all:', '--target', aside, ...packages],
          'Is the network up, and the disk not full?',
        );
        await writeFile(join(aside, 'nvidia', mark.slice(folder.length + 1)), '');
        await rm(folder, { recursive: true, force: true });
        await rename(join(aside, 'nvidia'), folder);
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
    },
  };
}
