import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPython } from './requirements.mjs';
import { runCommand } from './run-command.mjs';
import { verifyFile } from './verify-file.mjs';

/** @typedef {import('./pins.mjs').pins['libtensorflow']['cpu' | 'gpu']} Pin */

/**
 * The step that puts libtensorflow and its headers into the cache folder, out of TensorFlow's own wheel.
 *
 * @param {string} cache - the cache folder
 * @param {Pin} pin - for the CPU, or for a GPU as well
 * @returns {import('./main.mjs').Step}
 */
export function libtensorflow(cache, pin) {
  return {
    name: `libtensorflow ${pin.version} (${pin.variant})`,
    isDone: () => existsSync(libtensorflowFolder(cache, pin)),
    needs: () => [checkPlatform(pin.platform), checkPython()],
    diskBytes: { [cache]: (pin.megabytes.wheel + pin.megabytes.extracted) * 1e6 },
    run: async () => {
      await mkdir(cache, { recursive: true });
      const wheel = join(cache, pin.file);
      if (!existsSync(wheel)) await download(wheel, pin);
      await verifyFile(wheel, pin.sha256);
      await extract(wheel, libtensorflowFolder(cache, pin), pin);
      await rm(wheel, { force: true }); // nothing reads it again
    },
  };
}

/**
 * @param {string} cache
 * @param {Pick<Pin, 'variant' | 'version'>} pin
 * @returns {string} the folder that holds `libtensorflow_cc.so.2`, `libtensorflow_framework.so.2` and `include/`
 */
export function libtensorflowFolder(cache, { variant, version }) {
  return join(cache, `libtensorflow-${variant}-${version}`);
}

/**
 * @param {string} wheel - where the file shall lie; it appears only when it is complete
 * @param {Pin} pin
 */
async function download(wheel, { file, pipArguments, megabytes }) {
  console.log(`  downloading ${file} (${megabytes.wheel} MB)`);
  const aside = await mkdtemp(`${wheel}.`);
  try {
    await runCommand(
      ['python3', '-m', 'pip', 'download', '--quiet', '--progress-bar=on', '--no-deps', '--only-binary=:all:'].concat(
        pipArguments,
        '--dest',
        aside,
      ),
      `Is the network up? On a machine without one, put ${file} from https://pypi.org/project/${pipArguments[0]?.split('==')[0]}/#files at ${wheel} and run this again.`,
    );
    await rename(join(aside, file), wheel);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/**
 * Extracts aside and renames, so that the folder is either complete or absent, also when two set-ups run at once.
 * @param {string} wheel
 * @param {string} folder
 * @param {Pin} pin
 */
async function extract(wheel, folder, { megabytes }) {
  console.log(`  extracting (${megabytes.extracted} MB)`);
  const aside = await mkdtemp(`${folder}.`);
  try {
    const script = fileURLToPath(new URL('extract-wheel.py', import.meta.url));
    await runCommand(['python3', script, wheel, aside], 'Is the disk full?');
    await rename(join(aside, 'tensorflow'), folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/**
 * @param {string} platform - the pinned one
 * @returns {import('./requirements.mjs').Check}
 */
function checkPlatform(platform) {
  const found = `${process.platform}-${process.arch}`;
  const ok = found === platform;
  return {
    name: 'platform',
    ok,
    found,
    ...(!ok && { advice: `libtensorflow is pinned for ${platform} only: use such a machine or a container` }),
  };
}
