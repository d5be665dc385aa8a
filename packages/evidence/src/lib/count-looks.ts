import { reachesLevel } from '@radiotracer/detector/judge';
import { holm } from '@radiotracer/stats';
import type { Commitment } from './commitment.ts';

/** What a look says by itself. */
export interface CountedLook {
  readonly log10P: number;
}

/** The same when all looks count. */
export interface LookCount {
  /** Tests that were counted: those planned, or more if there were more. */
  readonly tests: number;
  /** Whether there were no more looks than planned. Else their number was open, and may have followed the results. */
  readonly isAsPlanned: boolean;
  /** By look: log10 p adjusted by Holm's method, and whether it reaches the level. */
  readonly looks: readonly { readonly adjustedLog10P: number; readonly isDetected: boolean }[];
}

/**
 * Counts the looks under one key: whoever looks at many suspects, or at one many times, finds something by chance. The
 * looks that were planned count even before they were taken, so a further one takes nothing back.
 */
export function countLooks(looks: readonly CountedLook[], { level, looks: planned }: Commitment['plan']): LookCount {
  const tests = Math.max(planned, looks.length);
  const log10Level = Math.log10(level);
  const adjusted =
    looks.length === 0
      ? []
      : holm(
          looks.map(({ log10P }) => log10P),
          tests,
        );
  return {
    tests,
    isAsPlanned: looks.length <= planned,
    looks: adjusted.map((adjustedLog10P) => ({
      adjustedLog10P,
      isDetected: reachesLevel(adjustedLog10P, log10Level),
    })),
  };
}
