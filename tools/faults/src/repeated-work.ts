import { intervals } from './experiment.ts';
import type { Told } from './run-with-kills.ts';

/** Work that was done twice because a child died: how far it had come, less where the next one began. */
export interface Repeated {
  readonly step: string;
  readonly unit: string;
  readonly done: number;
  /** Done between two checkpoints; undefined where a step keeps none, as it takes no time. */
  readonly interval: number | undefined;
}

/**
 * Reads off the progress what was done twice. A child tells its progress at most five times a second, so up to a fifth
 * of a second of work is missing from the count. What it tells first is where it begins.
 *
 * @param told - of one run, in order
 */
export function repeatedWork(told: readonly Told[]): Repeated[] {
  const repeated: Repeated[] = [];
  const last = new Map<string, Told>();
  for (const now of told) {
    const step = /experiment-[0-9a-f]+-([\w-]+)\.log$/.exec(now.log)?.[1] ?? now.log;
    const name = `${step} ${now.unit}`;
    const before = last.get(name);
    last.set(name, now);
    if (!before || before.pid === now.pid) continue;
    const { interval } = intervals.find(({ steps }) => steps.test(step)) ?? {};
    repeated.push({ step, unit: now.unit, done: Math.max(0, before.done - now.done), interval });
  }
  return repeated;
}
