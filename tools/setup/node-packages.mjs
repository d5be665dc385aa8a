import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { checkNpm } from './requirements.mjs';
import { runCommand } from './run-command.mjs';

/**
 * The step that makes `node_modules` what package-lock.json says.
 *
 * @param {string} root - of the repository
 * @returns {import('./main.mjs').Step}
 */
export function nodePackages(root) {
  return {
    name: 'node packages',
    isDone: () => isInstalled(root),
    needs: () => [checkNpm()],
    diskBytes: { [root]: 1.5e9 },
    run: () =>
      runCommand(['npm', 'ci', '--loglevel=error'], 'Is the network up, and is package-lock.json as committed?', {
        cwd: root,
      }),
  };
}

/**
 * Compares the lock file with the one that npm leaves inside node_modules, so that `npm install` of a single package,
 * or a checkout that touches only dates, causes no reinstallation.
 *
 * @param {string} root
 * @returns {boolean} whether exactly the locked packages are there; optional ones, for other machines, may lack
 */
export function isInstalled(root) {
  const locked = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const isSame = (/** @type {string} */ path) =>
    path in installed ? isDeepStrictEqual(locked[path], installed[path]) : locked[path]?.optional === true;
  return Object.keys({ ...locked, ...installed }).every(isSame);
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { optional?: boolean }>} none if there is no such file
 */
function readPackages(lockFile) {
  let text;
  try {
    text = readFileSync(lockFile, 'utf8');
  } catch {
    return {};
  }
  const { packages } = JSON.parse(text);
  delete packages['']; // the repository itself
  return packages;
}
