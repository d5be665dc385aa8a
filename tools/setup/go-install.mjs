import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runCommand } from './run-command.mjs';

/**
 * Builds an executable with `go install`. It appears whole: built aside and renamed.
 *
 * @param {{ module: string, version: string }} pin - the executable has the name of the module's last part
 * @param {string} path - of the executable to be
 * @param {string} advice - what to do when it fails
 * @returns {Promise<void>}
 * @throws SetupError
 */
export async function goInstall({ module, version }, path, advice) {
  const folder = dirname(path);
  await mkdir(dirname(folder), { recursive: true });
  const aside = await mkdtemp(`${folder}.`);
  try {
    const env = { ...process.env, GOBIN: aside };
    await runCommand(['go', 'install', `${module}@v${version}`], advice, { env });
    await mkdir(folder, { recursive: true });
    await rename(join(aside, basename(module)), path);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
