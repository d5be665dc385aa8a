import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/**
 * What a program of ours measured, for `measure.ts` to read: its last line. Adds the peak of the resident memory, and the
 * processor time of the process and of its children that have ended.
 */
export function printResult(measured: { readonly rate: number; readonly [name: string]: number }): void {
  const peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ ...measured, peakMemoryMb, cpuSeconds: cpuSeconds() }));
}

/** Fields 14 to 17 of `/proc/self/stat`; Node tells nothing of children. */
function cpuSeconds(): number {
  const afterName = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1) ?? '';
  const ticks = afterName.split(' ').slice(11, 15).map(Number);
  return ticks.reduce((sum, time) => sum + time, 0) / ticksPerSecond;
}
