import type { Progress } from '@radiotracer/store';

/** Speed and time left of one stage. */
export interface Pace {
  /** Units per second; undefined until two different counts were seen. */
  readonly perSecond?: number;
  readonly secondsLeft?: number;
}

const windowMs = 60_000;

/**
 * Measures a stage's pace over the last minute, so that it follows the machine's load, and does not count what was
 * already done when a run was taken up again.
 */
export class RateMeter {
  readonly #samples: { readonly atMs: number; readonly done: number }[] = [];

  /** @param atMs - time of the observation, in milliseconds on any steady clock */
  observe(progress: Progress, atMs: number): Pace {
    const samples = this.#samples;
    const last = samples.at(-1);
    if (last && progress.done < last.done) samples.length = 0; // the stage was started afresh
    if (progress.done !== samples.at(-1)?.done) samples.push({ atMs, done: progress.done });
    while (samples.length > 2 && atMs - (samples[1]?.atMs ?? atMs) > windowMs) samples.shift();

    const first = samples[0];
    if (!first || progress.done <= first.done || atMs <= first.atMs) return {};
    const perSecond = (1000 * (progress.done - first.done)) / (atMs - first.atMs);
    return { perSecond, secondsLeft: Math.max(0, progress.total - progress.done) / perSecond };
  }
}
