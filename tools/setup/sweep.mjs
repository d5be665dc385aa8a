import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const DAY_MS = 86_400_000;

/** What this set-up and the tests' Python make aside, by the folder of the cache that they lie in. */
const TEMPORARY = {
  '.': /^((temporal|versitygw|chromium|libtensorflow)-.+|nvidia|.+\.whl)\.[A-Za-z0-9]{6}$/,
  'libtensorflow-*': /^tfjs_binding-.+\.node\.\d+$/,
  python: /^[0-9a-f]{16}\.\d+$/,
};

/**
 * Removes what set-ups that were interrupted left in the cache: what is made aside and was not touched for a day, so
 * that another set-up that runs now keeps its own.
 *
 * @param {string} cache - need not exist
 * @param {number} [now] - ms since 1970
 */
export async function sweep(cache, now = Date.now()) {
  const libraries = (await names(cache)).filter((name) => name.startsWith('libtensorflow-'));
  await sweepFolder(cache, TEMPORARY['.'], now);
  await sweepFolder(join(cache, 'python'), TEMPORARY.python, now);
  for (const library of libraries) await sweepFolder(join(cache, library), TEMPORARY['libtensorflow-*'], now);
}

/**
 * @param {string} folder
 * @param {RegExp} temporary
 * @param {number} now
 */
async function sweepFolder(folder, temporary, now) {
  for (const name of (await names(folder)).filter((name) => temporary.test(name))) {
    const path = join(folder, name);
    const touched = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => now, // gone meanwhile
    );
    if (now - touched > DAY_MS) await rm(path, { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function names(folder) {
  return readdir(folder).catch(() => []);
}
