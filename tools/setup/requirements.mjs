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

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Check}
 */
export function checkPython(env = process.env) {
  const name = 'python3 with pip and venv';
  const advice = 'install them: apt-get install python3-pip python3-venv';
  const pip = checkTool(name, ['python3', '-m', 'pip', '--version'], advice, env);
  if (!pip.ok) return pip;
  // Debian has `venv` without `ensurepip`, which every new environment needs, until python3-venv is installed.
  const venv = checkTool(name, ['python3', '-c', 'import ensurepip, venv'], advice, env);
  return venv.ok ? pip : { ...venv, found: `${pip.found}, but no venv` };
}

/** @returns {Check} */
export function checkCompiler() {
  return checkTool('g++', ['g++', '--version'], 'install a C++ compiler: apt-get install g++');
}

/** @returns {Check} */
export function checkTar() {
  return checkTool('tar', ['tar', '--version'], 'install tar: apt-get install tar');
}

/** @returns {Check} */
export function checkGo() {
  const check = checkTool('go', ['go', 'version'], 'install Go 1.21+ (https://go.dev/dl)');
  const version = /go(\d+\.\d+)/.exec(check.found)?.[1];
  if (version === undefined || atLeast(version, '1.21')) return check;
  return { ...check, ok: false, advice: 'Go 1.21 or later is needed (https://go.dev/dl)' };
}

/**
 * One check for each disk: what goes into several folders of one disk adds up.
 *
 * @param {[folder: string, bytes: number][]} needed - a folder need not exist yet, and may come more than once
 * @returns {Check[]}
 */
export function checkDisks(needed) {
  /** @type {Map<number, { folders: Set<string>, bytes: number }>} */
  const disks = new Map();
  for (const [folder, bytes] of needed) {
    const { dev } = fs.statSync(existingParent(folder));
    const disk = disks.get(dev) ?? { folders: new Set(), bytes: 0 };
    disks.set(dev, { folders: disk.folders.add(folder), bytes: disk.bytes + bytes });
  }
  return [...disks.values()].map(({ folders, bytes }) => {
    const [first = '', ...others] = folders;
    const check = checkDisk(first, bytes);
    return { ...check, name: [check.name, ...others].join(' and ') };
  });
}

/**
 * @param {string} folder - need not exist yet
 * @param {number} neededBytes
 * @returns {Check}
 */
export function checkDisk(folder, neededBytes) {
  const { bavail, bsize } = fs.statfsSync(existingParent(folder));
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

/** @param {string} folder */
function existingParent(folder) {
  let existing = folder;
  while (!fs.existsSync(existing)) existing = dirname(existing);
  return existing;
}

/**
 * @param {string} name
 * @param {[string, ...string[]]} command - that prints the tool's version first
 * @param {string} advice - what to do when it is missing
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Check}
 */
function checkTool(name, [command, ...args], advice, env = process.env) {
  const { status, stdout } = spawnSync(command, args, { env, encoding: 'utf8' });
  if (status === 0) return { name, ok: true, found: stdout.replace(/( from .*)?\n[^]*/, '') };
  return { name, ok: false, found: status === null ? 'not found' : `exit code ${status}`, advice };
}

/** @param {number} bytes */
function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
