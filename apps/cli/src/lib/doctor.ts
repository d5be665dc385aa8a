import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { cacheFolder, temporalServer } from '@radiotracer/setup/locations';
import {
  checkCompiler,
  checkDisk,
  checkGo,
  checkNode,
  checkNpm,
  checkPython,
  type Check,
} from '@radiotracer/setup/requirements';
import { probeTensorflow } from '@radiotracer/setup/tensorflow-probe';

const RUN_SETUP = 'run `npm run setup`';

/** What a demo or a small experiment writes, with room to spare. */
const RUN_BYTES = 2e9;

/**
 * Looks at what this machine has: tools, TensorFlow (loaded in a process of its own), the device that computes, the
 * Temporal server, disk. A tool that only builds something is in order when that something is already there.
 *
 * @param requireGpu - whether a machine on which TensorFlow sees no GPU fails the check `device`
 * @returns one check per thing, in the order to read them; `advice` says what to do where `ok` is false
 */
export async function doctor(requireGpu: boolean): Promise<Check[]> {
  const tensorflow = await probeTensorflow();
  const isLoaded = 'version' in tensorflow;
  const temporal = temporalServer();
  const cache = cacheFolder();
  return [
    checkNode(),
    checkNpm(),
    requiredUnless(isLoaded, checkPython()),
    requiredUnless(isLoaded, checkCompiler()),
    requiredUnless(temporal !== undefined, checkGo()),
    isLoaded
      ? { name: 'TensorFlow', ok: true, found: tensorflow.version }
      : { name: 'TensorFlow', ok: false, found: tensorflow.error, advice: RUN_SETUP },
    checkDevice(isLoaded && tensorflow.gpu, requireGpu),
    checkExistence('Temporal server', temporal),
    checkExistence('cache folder', cache),
    checkDisk(process.cwd(), RUN_BYTES),
  ];
}

function requiredUnless(isProvided: boolean, check: Check): Check {
  return isProvided ? { name: check.name, ok: true, found: check.found } : check;
}

function checkExistence(name: string, path: string | undefined): Check {
  const ok = path !== undefined && existsSync(path);
  return { name, ok, found: ok ? path : `${path ?? 'it'} is not there`, ...(!ok && { advice: RUN_SETUP }) };
}

function checkDevice(hasGpu: boolean, requireGpu: boolean): Check {
  if (hasGpu) return { name: 'device', ok: true, found: `GPU: ${gpuNames() || 'unnamed'}` };
  const cpu = `CPU: ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  if (!requireGpu) return { name: 'device', ok: true, found: cpu };
  const cards = gpuNames();
  const advice = cards
    ? `nvidia-smi sees ${cards}, but TensorFlow does not compute on it; run "npm run setup -- --gpu", or leave out --require-gpu to compute on the CPU`
    : 'nvidia-smi sees no GPU; use a machine with one and its driver, or leave out --require-gpu to compute on the CPU';
  return { name: 'device', ok: false, found: cpu, advice };
}

/** One name per GPU, as the driver reports them; empty where it reports none. */
function gpuNames(): string {
  const { status, stdout } = spawnSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim().replaceAll('\n', ', ') : '';
}
