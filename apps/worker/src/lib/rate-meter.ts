import type { Progress } from '@radiotracer/store';
import type { RunningProgress } from '@radiotracer/workflows';

/**
 * Adds rate and time left to a stage's progress. The rate is the mean since the stage began to count this unit towards
 * this total; what was done before (a resumed training) does not count.
 */
export class RateMeter {
  #first: { readonly progress: Progress; readonly atMs: number } | undefined;

  /** @param nowMs - a clock that never goes back, in milliseconds */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  measure(progress: Progress): RunningProgress {
    const atMs = this.nowMs();
    const first = this.#first?.progress;
    const isSameCount = first?.unit === progress.unit && first.total === progress.total && first.done <= progress.done;
    if (!this.#first || !isSameCount) this.#first = { progress, atMs };
    const seconds = (atMs - this.#first.atMs) / 1000;
    const done = progress.done - this.#first.progress.done;
    if (seconds === 0 || done === 0) return { ...progress, ratePerSecond: 0 };
    const ratePerSecond = done / seconds;
    return { ...progress, ratePerSecond, secondsLeft: (progress.total - progress.done) / ratePerSecond };
  }
}
