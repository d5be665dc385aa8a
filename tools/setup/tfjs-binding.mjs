import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { libtensorflowFolder } from './libtensorflow.mjs';
import { pins } from './pins.mjs';
import { checkCompiler } from './requirements.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import { probeTensorflow } from './tensorflow-probe.mjs';

/** The binding finds libtensorflow beside itself, wherever the cache folder lies. */
const FLAGS = [
  ...['-O2', '-std=c++17', '-shared', '-fPIC', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
  ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN'],
];

/**
 * The step that gives `@tensorflow/tfjs-node-gpu` its native half: built into the cache folder from the sources that the
 * npm package ships, next to the library that it loads, and linked into `node_modules`.
 *
 * @param {string} root - of the repository
 * @param {string} cache - the cache folder
 * @returns {import('./main.mjs').Step}
 */
export function tfjsBinding(root, cache) {
  const built = join(libtensorflowFolder(cache), `tfjs_binding-${buildKey(root)}.node`);
  const link = join(root, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');
  return {
    name: 'tfjs binding',
    isDone: () => existsSync(built) && existsSync(link) && realpathSync(link) === realpathSync(built),
    needs: () => (existsSync(built) ? [] : [checkCompiler()]),
    diskBytes: {},
    run: async () => {
      if (!existsSync(built)) await build(root, built);
      await rm(link, { force: true });
      await mkdir(join(link, '..'), { recursive: true });
      await symlink(built, link);
      const probe = await probeTensorflow();
      if ('error' in probe)
        throw new SetupError(
          `TensorFlow does not load: ${probe.error}\nRemove ${libtensorflowFolder(cache)} and run this again.`,
        );
    },
  };
}

/**
 * One call of the compiler does what the package's node-gyp build does, without fetching node's headers.
 * @param {string} root
 * @param {string} built - appears only when it is complete
 */
async function build(root, built) {
  console.log('  compiling (10 s)');
  const sources = join(root, 'node_modules/@tensorflow/tfjs-node-gpu/binding');
  const library = join(built, '..');
  const includes = [
    join(library, 'include'),
    join(sources, '../..'),
    join(root, 'node_modules/node-api-headers/include'),
  ];
  const files = (await readdir(sources)).filter((name) => name.endsWith('.cc')).map((name) => join(sources, name));
  const aside = `${built}.${process.pid}`;
  await runCommand(
    ['g++', ...includes.map((folder) => `-I${folder}`), ...files, `-L${library}`, ...FLAGS, '-o', aside],
    'The binding does not compile: the messages above say why. g++ 9 or later is needed.',
  );
  await rename(aside, built);
}

/**
 * @param {string} root
 * @returns {string} 16 hex digits that change with everything that the binding is made of
 */
function buildKey(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const sources = ['@tensorflow/tfjs-node-gpu', 'node-api-headers'].map(
    (name) => packages[`node_modules/${name}`].integrity,
  );
  const parts = [...sources, pins.libtensorflow.sha256, checkCompiler().found, ...FLAGS];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
