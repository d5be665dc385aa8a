/**
 * Sets up a clone: `npm run setup`. Plain node, since nothing is installed before it runs; may run again at any time,
 * and then does only what is not done yet. With `--tests` it also builds what only tests need; `--gpu` provides
 * TensorFlow for NVIDIA's GPUs, and `--cpu` the smaller one again.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cudaLibraries } from './cuda-libraries.mjs';
import { libtensorflow } from './libtensorflow.mjs';
import { cacheFolder } from './locations.mjs';
import { nodePackages } from './node-packages.mjs';
import { pins } from './pins.mjs';
import { checkDisks, checkNode } from './requirements.mjs';
import { SetupError } from './setup-error.mjs';
import { sweep } from './sweep.mjs';
import { temporalServer } from './temporal-server.mjs';
import { testBrowser } from './test-browser.mjs';
import { testS3Server } from './test-s3-server.mjs';
import { installedVariant, tfjsBinding } from './tfjs-binding.mjs';

/**
 * One thing that a clone needs.
 * @typedef {object} Step
 * @property {string} name
 * @property {() => boolean} isDone - quick: asked at every set-up
 * @property {() => import('./requirements.mjs').Check[]} needs - what the machine must have for `run`
 * @property {Record<string, number>} diskBytes - what `run` adds to which folder, roughly
 * @property {() => Promise<void>} run - leaves nothing half-done where `isDone` would find it
 */

/**
 * Runs the steps that are not done, after all that they need has been found.
 * @param {Step[]} steps - in order; a later one may build on an earlier one
 */
async function setUp(steps) {
  const start = performance.now();
  const pending = steps.filter((step) => !step.isDone());
  requireAll([
    checkNode(),
    ...pending.flatMap((step) => step.needs()),
    ...checkDisks(pending.flatMap(({ diskBytes }) => Object.entries(diskBytes))),
  ]);
  for (const step of steps) {
    if (step.isDone()) continue;
    console.log(`set-up: ${step.name}`);
    const stepStart = performance.now();
    await step.run();
    console.log(`set-up: ${step.name} ready in ${seconds(stepStart)}`);
  }
  console.log(`set-up: complete (${seconds(start)}, cache: ${cacheFolder()})`);
}

/**
 * @param {import('./requirements.mjs').Check[]} checks
 * @throws SetupError that names everything that is missing, so that one round of installing is enough
 */
function requireAll(checks) {
  const missing = checks.filter((check) => !check.ok);
  if (missing.length === 0) return;
  throw new SetupError(missing.map(({ name, found, advice }) => `${name}: ${found}. To do: ${advice}`).join('\n'));
}

/** @param {number} start */
function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const cache = cacheFolder();
try {
  await sweep(cache);
  const has = (/** @type {string} */ flag) => process.argv.includes(flag);
  const pin = pins.libtensorflow[has('--gpu') ? 'gpu' : has('--cpu') ? 'cpu' : installedVariant(root)];
  await setUp([
    nodePackages(root),
    libtensorflow(cache, pin),
    ...(pin.variant === 'gpu' ? [cudaLibraries(cache)] : []),
    tfjsBinding(root, cache, pin),
    temporalServer(cache),
    ...(has('--tests') ? [testS3Server(cache), testBrowser(cache)] : []),
  ]);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`set-up failed:\n${error.message}`);
  process.exitCode = 1;
}
