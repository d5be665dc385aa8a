import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '@radiotracer/setup/locations';

const run = promisify(execFile);

/**
 * Path of a Python interpreter that has some packages, to check our files against their reference readers.
 *
 * It lies in a virtual environment in the cache folder, made at the first call (needs python3 with venv, and a package
 * index) and named by the hash of its requirements. `RADIOTRACER_TEST_PYTHON` names an interpreter to use instead.
 *
 * @param requirements - for pip, pinned: `['pyarrow==26.0.1']`
 * @throws Error with the output of pip if the environment cannot be made
 */
export async function pythonVenv(requirements: readonly string[]): Promise<string> {
  const given = process.env['RADIOTRACER_TEST_PYTHON'];
  if (given) return given;
  const name = createHash('sha256').update(requirements.join('\n')).digest('hex').slice(0, 16);
  const venv = join(cacheFolder(), 'python', name);
  const interpreter = join(venv, 'bin', 'python');
  if (existsSync(interpreter)) return interpreter;
  // Made aside and renamed, so that an environment that is there is whole; `python` finds its packages after a move.
  const aside = `${venv}.${process.pid}`;
  await mkdir(join(cacheFolder(), 'python'), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', aside]);
    await run(join(aside, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--no-compile', ...requirements]);
    await rename(aside, venv);
  } catch (error) {
    if (!existsSync(interpreter)) throw error; // else another process was faster
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return interpreter;
}
