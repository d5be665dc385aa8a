/** What a machine must bring along: each check says what it found and, where that does not do, what to do about it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs'; // whole: an old node, which lacks statfs, shall reach the check of its version
import { dirname } from 'node:path';
import { atLeast } from './versions.mjs';

/** @typedef {{ name: string, ok: boolean, found: string, advice?: string }} Check */

/**
 * @param {string} [version] - of node, without the leading v
 * @returns {Check}
 */
export function checkNode(version = process.versions.node) {
  const minimum = ['20.19', '22.12'].find((oldest) => parseInt(oldest) === parseInt(version));
  const ok = minimum !== undefined && atLeast(version, minimum);
  return {
    name: 'node',
    ok,
    found: version,
    ...(!ok && { advice: 'install Node 20.19+ or 22.12+ (https://nodejs.org)' }),
  };
}

/** @returns {Check} */
export function checkNpm() {
  return checkTool('npm', ['npm', '--version'], 'install npm; it comes with Node');
}

/** @returns {Check} */
export function checkPython() {
  return checkTool(
    'python3 with pip',
    ['python3', '-m', 'pip', '--version'],
    'install both: apt-get install python3-pip',
  );
}

/** @returns {Check} */
export function checkCompiler() {
  return checkTool('g++', ['g++', '--version'], 'install a C++ compiler: apt-get install g++');
}

/** @returns {Check} */
export function checkGo() {
  const check = checkTool('go', ['go', 'version'], 'install Go 1.21+ (https://go.dev/dl)');
  const version = /go(\d+\.\d+)/.exec(check.found)?.[1];
  if (version === undefined || atLeast(version, '1.21')) return check;
  return { ...check, ok: false, advice: 'Go 1.21 or later is needed (https://go.dev/dl)' };
}

/**
 * @param {string} folder - need not exist yet
 * @param {number} neededBytes
 * @returns {Check}
 */
export function checkDisk(folder, neededBytes) {
  let existing = folder;
  while (!fs.existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = fs.statfsSync(existing);
  const ok = bavail * bsize >= neededBytes;
  return {
    name: `disk space for ${folder}`,
    ok,
    found: `${gigabytes(bavail * bsize)} free`,
    ...(!ok && {
      advice: `${gigabytes(neededBytes)} are needed: free some (RADIOTRACER_CACHE moves the cache folder to another disk)`,
    }),
  };
}

/**
 * @param {string} name
 * @param {[string, ...string[]]} command - that prints the tool's version first
 * @param {string} advice - what to do when it is missing
 * @returns {Check}
 */
function checkTool(name, [command, ...args], advice) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return { name, ok: true, found: stdout.replace(/( from .*)?\n[^]*/, '') };
  return { name, ok: false, found: status === null ? 'not found' : `exit code ${status}`, advice };
}

/** @param {number} bytes */
function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
