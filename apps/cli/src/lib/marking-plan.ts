import { leastDecoyLog10P } from '@radiotracer/stats';
import { UsageError } from './errors.ts';
import type { Settings } from './settings.ts';

/** What the exact decoy test will have to go by, known before anything is marked. */
export interface MarkingPlan {
  /** Of the split that is marked. */
  readonly images: number;
  readonly classes: number;
  readonly marked: number;
  /** Secret draws: one for each marked image, or for each class that has one. */
  readonly draws: number;
  readonly versions: number;
  readonly carrierUnit: Settings['marking']['carrierUnit'];
  readonly level: number;
}

/**
 * The plan that settings come to on a corpus, checked: can a detection succeed at all? Each draw is one of V versions, so
 * the least p-value that the exact decoy test can give is V^−draws.
 *
 * @param corpus - counts of the split that is marked
 * @throws UsageError if the share comes to less than one image, or that p-value is above the level
 */
export function planMarking(
  { marking: { markedFraction, versions, carrierUnit }, level }: Pick<Settings, 'marking' | 'level'>,
  { images, classes }: { readonly images: number; readonly classes: number },
): MarkingPlan {
  const marked = Math.round(markedFraction * images);
  if (marked < 1) {
    throw new UsageError(
      `marking.markedFraction: found ${markedFraction}, which of ${images} images is less than one; ` +
        `expected at least ${shareOf(1, images)}`,
    );
  }
  const draws = carrierUnit === 'class' ? Math.min(classes, marked) : marked;
  const plan = { images, classes, marked, draws, versions, carrierUnit, level };
  if (leastDecoyLog10P(draws, versions) <= Math.log10(level) + rounding) return plan;
  throw new UsageError(
    `nothing could be detected: ${marked} marked images (marking.markedFraction ${markedFraction}) in ` +
      `${draws} draws (marking.carrierUnit ${carrierUnit}) of ${versions} versions (marking.versions) give ` +
      `p = ${(versions ** -draws).toPrecision(2)} at best, above the level ${level}; enough would be ${waysOut(plan)}`,
  );
}

/** What would bring the level within reach. */
function waysOut({ images, classes, marked, draws, versions, carrierUnit, level }: MarkingPlan): string {
  const drawsNeeded = Math.ceil(Math.log10(level) / leastDecoyLog10P(1, versions) - rounding);
  const versionsNeeded = Math.ceil(level ** (-1 / draws) - rounding);
  const ways = [`marking.versions ${versionsNeeded}`];
  if (drawsNeeded <= images && (carrierUnit === 'image' || drawsNeeded <= classes)) {
    ways.unshift(`marking.markedFraction ${shareOf(drawsNeeded, images)}`);
  }
  if (carrierUnit === 'class' && marked >= drawsNeeded) ways.unshift('marking.carrierUnit image');
  return ways.join(', or ');
}

/** So that 10 versions in 4 draws reach 10⁻⁴, whatever the logarithms' last bits. */
const rounding = 1e-9;

/** The least share, in three digits, that marks so many images. */
export function shareOf(marked: number, images: number): number {
  const share = marked / images;
  const unit = 10 ** (Math.floor(Math.log10(share)) - 2);
  return Number((Math.ceil(share / unit - rounding) * unit).toPrecision(3));
}
