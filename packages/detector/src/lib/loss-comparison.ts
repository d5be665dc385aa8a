import { log10StudentTUpperTail, stouffer } from '@radiotracer/stats';
import type { Evidence, TestResult } from './types.ts';

/**
 * The black-box test of the paper: is the suspect's loss lower on what was published marked than on unmarked images?
 * Welch's t-test within each class, classes combined by Stouffer's method.
 *
 * @returns undefined where no class can be compared, see `compareLosses`
 * Source: Sablayrolles et al. 2020, "Radioactive data: tracing through training", section 5.4 (arXiv 2002.00937).
 */
export function lossComparison(evidence: Pick<Evidence, 'marked' | 'unmarked' | 'classNames'>): TestResult | undefined {
  const classes = evidence.classNames.flatMap((_, label) => compareLosses(evidence, label) ?? []);
  if (classes.length === 0) return undefined;
  const images = [...evidence.marked.label.keys()].map((i) => publishedLoss(evidence, i));
  return {
    test: "loss on marked against unmarked images, Welch's t by class, classes combined by Stouffer's method",
    log10P: stouffer(classes.map(({ log10P }) => log10P)),
    statistic: {
      name: 'mean loss on unmarked images less mean loss on marked images, in nats',
      value: mean(evidence.unmarked.suspectLoss) - mean(images),
    },
    sampleSize: { classes: classes.length, marked: images.length, unmarked: evidence.unmarked.label.length },
    assumptions: [
      'Marking does not change the loss of a model that never saw the marked images (not so, see the caveat).',
      'Marked images were chosen without regard to how hard they are (not so if the hardest were chosen).',
      'Losses are independent between images and nearly normal in the mean.',
    ],
    caveat:
      "Proves nothing by itself: marking moves the loss of a clean model too, and the losses of one model's images are " +
      'not independent. Shown because the paper has it.',
  };
}

/**
 * Welch's t-test of one class: mean loss on its unmarked images against that on its marked ones, as published.
 *
 * @returns t, positive where marked images have the lower loss, and log10 of its one-sided p-value; undefined where
 *   there are fewer than two images of either kind, or their losses do not vary
 */
export function compareLosses(
  evidence: Pick<Evidence, 'marked' | 'unmarked'>,
  label: number,
): { t: number; log10P: number } | undefined {
  const { marked, unmarked } = evidence;
  const ofClass = (labels: readonly number[]): number[] => [...labels.keys()].filter((i) => labels[i] === label);
  const a = ofClass(unmarked.label).map((i) => unmarked.suspectLoss[i] ?? NaN);
  const b = ofClass(marked.label).map((i) => publishedLoss(evidence, i));
  if (a.length < 2 || b.length < 2) return undefined;
  const [errorA, errorB] = [variance(a) / a.length, variance(b) / b.length];
  const error = errorA + errorB;
  if (error === 0) return undefined;
  const t = (mean(a) - mean(b)) / Math.sqrt(error);
  // Welch–Satterthwaite
  const df = error ** 2 / (errorA ** 2 / (a.length - 1) + errorB ** 2 / (b.length - 1));
  return { t, log10P: log10StudentTUpperTail(t, df) };
}

function publishedLoss({ marked }: Pick<Evidence, 'marked'>, image: number): number {
  return marked.suspectLoss[image]?.[marked.published[image] ?? NaN] ?? NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
