import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { pins } from './pins.mjs';
import { checkPython } from './requirements.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * The step that puts libtensorflow and its headers into the cache folder, out of TensorFlow's own wheel.
 *
 * @param {string} cache - the cache folder
 * @param {typeof pins.libtensorflow} [pin]
 * @returns {import('./main.mjs').Step}
 */
export function libtensorflow(cache, pin = pins.libtensorflow) {
  return {
    name: `libtensorflow ${pin.version}`,
    isDone: () => existsSync(libtensorflowFolder(cache, pin)),
    needs: () => [checkPlatform(pin.platform), checkPython()],
    diskBytes: { [cache]: 1.3e9 },
    run: async () => {
      await mkdir(cache, { recursive: true });
      const wheel = join(cache, pin.file);
      if (!existsSync(wheel)) await download(wheel, pin);
      await verify(wheel, pin.sha256);
      await extract(wheel, libtensorflowFolder(cache, pin));
      await rm(wheel, { force: true }); // 274 MB that nothing reads again
    },
  };
}

/**
 * @param {string} cache
 * @param {{ version: string }} [pin]
 * @returns {string} the folder that holds `libtensorflow_cc.so.2`, `libtensorflow_framework.so.2` and `include/`
 */
export function libtensorflowFolder(cache, pin = pins.libtensorflow) {
  return join(cache, `libtensorflow-cpu-${pin.version}`);
}

/**
 * @param {string} wheel - where the file shall lie; it appears only when it is complete
 * @param {typeof pins.libtensorflow} pin
 */
async function download(wheel, { file, pipArguments }) {
  console.log(`  downloading ${file} (274 MB)`);
  const aside = await mkdtemp(`${wheel}.`);
  try {
    await runCommand(
      ['python3', '-m', 'pip', 'download', '--quiet', '--progress-bar=on', '--no-deps', '--only-binary=:all:'].concat(
        pipArguments,
        '--dest',
        aside,
      ),
      `Is the network up? On a machine without one, put ${file} from https://pypi.org/project/tensorflow-cpu/#files at ${wheel} and run this again.`,
    );
    await rename(join(aside, file), wheel);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/**
 * @param {string} file - removed if it is not the pinned one, so that the next run fetches it afresh
 * @param {string} sha256
 */
async function verify(file, sha256) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found === sha256) return;
  await rm(file);
  throw new SetupError(
    `${file} has SHA-256 ${found} instead of ${sha256}: damaged or tampered with.\nIt has been removed; run this again to fetch it afresh.`,
  );
}

/**
 * Extracts aside and renames, so that the folder is either complete or absent, also when two set-ups run at once.
 * @param {string} wheel
 * @param {string} folder
 */
async function extract(wheel, folder) {
  console.log('  extracting (880 MB)');
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
