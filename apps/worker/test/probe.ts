import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** A worker takes 5 s to start, and many times that on a machine with other work. */
const WITHIN_MS = 90_000;

/** A start that a fake stage wrote down: its process, and the step of the checkpoint it began at. */
export interface Start {
  readonly pid: number;
  readonly from: number;
}

/** All starts of a stage so far, in their order. */
export async function starts(folder: string, stage: string): Promise<Start[]> {
  const text = await readFile(join(folder, stage), 'utf8').catch(() => '');
  return [...text.matchAll(/^(\d+) from (\d+)$/gm)].map(([, pid, from]) => ({ pid: Number(pid), from: Number(from) }));
}

/** Whether a process lives. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until `probe` gives something other than undefined or false, and returns it. */
export async function eventually<T>(probe: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`not within ${WITHIN_MS / 1_000} s: ${probe}`);
    await setTimeout(50);
  }
}
