import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libtensorflowFolder } from './libtensorflow.mjs';
import { checkCompiler } from './requirements.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import { probeTensorflow } from './tensorflow-probe.mjs';

const PACKAGE = 'node_modules/@tensorflow/tfjs-node-gpu';

/** The binding finds libtensorflow beside itself, wherever the cache folder lies. */
const FLAGS = [
  ...['-O2', '-std=c++17', '-shared', '-fPIC', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
  ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN'],
];

/**
 * What the package's sources lack: operations with a list of strings or of types among their attributes, such as the
 * convolution that adds a bias and cuts below zero in one pass. Each pair is a line of `tfjs_backend.cc` and what to put
 * before it.
 *
 * @type {readonly (readonly [before: string, addition: string])[]}
 */
const ADDITIONS = [
  [
    '      // NOTE: String attribute values do not have to be utf8 encoded strings\n',
    `      if (IsArray(env, nstatus, &js_value)) {
        uint32_t length;
        nstatus = napi_get_array_length(env, js_value, &length);
        ENSURE_NAPI_OK(env, nstatus);
        std::vector<std::string> strings(length);
        std::vector<const void *> values(length);
        std::vector<size_t> lengths(length);
        for (uint32_t i = 0; i < length; ++i) {
          napi_value element;
          nstatus = napi_get_element(env, js_value, i, &element);
          ENSURE_NAPI_OK(env, nstatus);
          nstatus = GetStringParam(env, element, strings[i]);
          ENSURE_NAPI_OK(env, nstatus);
          values[i] = strings[i].data();
          lengths[i] = strings[i].size();
        }
        TFE_OpSetAttrStringList(tfe_op, attr_name, values.data(), lengths.data(), static_cast<int>(length));
        break;
      }
`,
  ],
  [
    '      TF_DataType tf_data_type;\n',
    `      if (IsArray(env, nstatus, &js_value)) {
        uint32_t length;
        nstatus = napi_get_array_length(env, js_value, &length);
        ENSURE_NAPI_OK(env, nstatus);
        std::vector<TF_DataType> types(length);
        for (uint32_t i = 0; i < length; ++i) {
          napi_value element;
          nstatus = napi_get_element(env, js_value, i, &element);
          ENSURE_NAPI_OK(env, nstatus);
          nstatus = napi_get_value_int32(env, element, reinterpret_cast<int32_t *>(&types[i]));
          ENSURE_NAPI_OK(env, nstatus);
        }
        TFE_OpSetAttrTypeList(tfe_op, attr_name, types.data(), static_cast<int>(length));
        break;
      }
`,
  ],
];

/**
 * The step that gives `@tensorflow/tfjs-node-gpu` its native half: built into the cache folder from the sources that the
 * npm package ships, next to the library that it loads, and linked into `node_modules`.
 *
 * @param {string} root - of the repository
 * @param {string} cache - the cache folder
 * @param {import('./libtensorflow.mjs').Pin} pin - of the library that it loads
 * @returns {import('./main.mjs').Step}
 */
export function tfjsBinding(root, cache, pin) {
  const library = libtensorflowFolder(cache, pin);
  const built = join(library, `tfjs_binding-${buildKey(root, pin)}.node`);
  const link = bindingLink(root);
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
        throw new SetupError(`TensorFlow does not load: ${probe.error}\nRemove ${library} and run this again.`);
    },
  };
}

/**
 * Which libtensorflow a clone's binding loads, so that a set-up that is not told stays with it.
 *
 * @param {string} root - of the repository
 * @returns {'cpu' | 'gpu'} `cpu` where there is no binding yet
 */
export function installedVariant(root) {
  const link = bindingLink(root);
  return existsSync(link) && realpathSync(link).includes('/libtensorflow-gpu-') ? 'gpu' : 'cpu';
}

/** @param {string} root */
function bindingLink(root) {
  return join(root, PACKAGE, 'lib/napi-v8/tfjs_binding.node');
}

/**
 * One call of the compiler does what the package's node-gyp build does, without fetching node's headers.
 * @param {string} root
 * @param {string} built - appears only when it is complete
 */
async function build(root, built) {
  console.log('  compiling (10 s)');
  const sources = await mkdtemp(join(tmpdir(), 'tfjs-binding-'));
  try {
    await compile(root, sources, built);
  } finally {
    await rm(sources, { recursive: true });
  }
}

/**
 * @param {string} root - of the repository
 * @param {string} sources - an empty folder, which gets them
 * @param {string} built
 */
async function compile(root, sources, built) {
  await cp(join(root, PACKAGE, 'binding'), sources, { recursive: true });
  const backend = join(sources, 'tfjs_backend.cc');
  await writeFile(backend, withAdditions(readFileSync(backend, 'utf8')));
  const library = join(built, '..');
  const includes = [
    join(library, 'include'),
    join(root, PACKAGE, '..'),
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
 * @param {string} source - of tfjs_backend.cc
 * @returns {string}
 */
function withAdditions(source) {
  return ADDITIONS.reduce((text, [before, addition]) => {
    if (text.split(before).length !== 2)
      throw new SetupError(`tfjs_backend.cc of @tensorflow/tfjs-node-gpu is another than this was written for.`);
    return text.replace(before, () => addition + before);
  }, source);
}

/**
 * @param {string} root
 * @param {import('./libtensorflow.mjs').Pin} pin
 * @returns {string} 16 hex digits that change with everything that the binding is made of
 */
function buildKey(root, pin) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const sources = ['@tensorflow/tfjs-node-gpu', 'node-api-headers'].map(
    (name) => packages[`node_modules/${name}`].integrity,
  );
  const parts = [...sources, pin.sha256, checkCompiler().found, ...FLAGS, ...ADDITIONS.flat()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
