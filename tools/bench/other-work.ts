import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Of `/proc/stat`, on every Linux that Node runs on. */
const ticksPerSecond = 100;

/**
 * Share of the machine that other processes use while a program runs, in [0, 1]: what all processes used, less what the
 * program says that it did.
 *
 * @returns called when the program has ended, with its own seconds of processor time
 */
export function watchOtherWork(): (ownCpuSeconds: number) => number {
  const [busyBefore, before] = [busySeconds(), performance.now()];
  return (ownCpuSeconds) => {
    const machineSeconds = ((performance.now() - before) / 1000) * availableParallelism();
    return Math.max(0, (busySeconds() - busyBefore - ownCpuSeconds) / machineSeconds);
  };
}

/** Seconds of processor time that all processes have used, by the first line of `/proc/stat`; 0 where there is none. */
function busySeconds(): number {
  try {
    const [user = 0, nice = 0, system = 0] = readFileSync('/proc/stat', 'utf8').split(/\s+/).slice(1, 4).map(Number);
    return (user + nice + system) / ticksPerSecond;
  } catch {
    return 0;
  }
}
