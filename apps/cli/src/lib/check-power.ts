import { UsageError } from './errors.ts';
import type { Settings } from './settings.ts';

/**
 * Checks, before any work, that a detection can succeed at all. Each draw is one of V versions, so the least p-value
 * that the exact decoy test can give is V^−draws; a draw belongs to a marked image, or to a class that has one.
 *
 * @param corpus - counts of the split that is marked
 * @throws UsageError if the share comes to less than one image, or that p-value is above the level
 */
export function checkPower(
  { marking: { markedFraction, versions, carrierUnit }, level }: Pick<Settings, 'marking' | 'level'>,
  { images, classes }: { readonly images: number; readonly classes: number },
): void {
  const marked = Math.round(markedFraction * images);
  if (marked < 1) {
    throw new UsageError(
      `marking.markedFraction: found ${markedFraction}, which of ${images} images is less than one; ` +
        `expected at least ${shareOf(1, images)}`,
    );
  }
  const draws = carrierUnit === 'class' ? Math.min(classes, marked) : marked;
  const drawsNeeded = Math.ceil(-Math.log10(level) / Math.log10(versions) - rounding);
  if (draws >= drawsNeeded) return;
  const versionsNeeded = Math.ceil(level ** (-1 / draws) - rounding);
  const ways = [`marking.versions ${versionsNeeded}`];
  if (drawsNeeded <= images && (carrierUnit === 'image' || drawsNeeded <= classes)) {
    ways.unshift(`marking.markedFraction ${shareOf(drawsNeeded, images)}`);
  }
  if (carrierUnit === 'class' && marked >= drawsNeeded) ways.unshift('marking.carrierUnit image');
  throw new UsageError(
    `nothing could be detected: ${marked} marked images (marking.markedFraction ${markedFraction}) in ` +
      `${draws} draws (marking.carrierUnit ${carrierUnit}) of ${versions} versions (marking.versions) give ` +
      `p = ${(versions ** -draws).toPrecision(2)} at best, above the level ${level}; enough would be ${ways.join(', or ')}`,
  );
}

/** So that 10 versions in 4 draws reach 10⁻⁴, whatever the logarithms' last bits. */
const rounding = 1e-9;

/** The least share, in three digits, that marks so many images. */
function shareOf(marked: number, images: number): number {
  const share = marked / images;
  const unit = 10 ** (Math.floor(Math.log10(share)) - 2);
  return Number((Math.ceil(share / unit - rounding) * unit).toPrecision(3));
}
