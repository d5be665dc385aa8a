import { log10StudentTUpperTail, stouffer } from '@radiotracer/stats';
import type { Evidence } from './types.ts';

/**
 * The black-box test of the paper, withdrawn: is the suspect's loss lower on what was published marked than on unmarked
 * images? Welch's t-test within each class, classes combined by Stouffer's method.
 *
 * It assumes that marking changes no loss of a model that never saw the marked images, and that images were marked
 * without regard to how hard they are. Neither is so, and its p-values are not uniform on clean models
 * (docs/results/calibration.md). So no verdict shows it; `calibrateTests` does, to say why.
 *
 * @returns undefined where no class can be compared, see `welchTest`
 * Source: Sablayrolles et al. 2020, "Radioactive data: tracing through training", section 5.4 (arXiv 2002.00937).
 */
export function lossComparison({
  marked,
  unmarked,
  classNames,
}: Pick<Evidence, 'marked' | 'unmarked' | 'classNames'>): { test: string; log10P: number } | undefined {
  const published = marked.suspectLoss.map((losses, i) => losses[marked.published[i] ?? NaN] ?? NaN);
  const ofMarked = lossesByClass(marked.label, published, classNames.length);
  const ofUnmarked = lossesByClass(unmarked.label, unmarked.suspectLoss, classNames.length);
  const classes = classNames.flatMap((_, label) => welchTest(ofUnmarked[label] ?? [], ofMarked[label] ?? []) ?? []);
  if (classes.length === 0) return undefined;
  return {
    test: 'withdrawn: loss on marked against unmarked images',
    log10P: stouffer(classes.map(({ log10P }) => log10P)),
  };
}

/**
 * Welch's t-test: is the mean of `a` greater than that of `b`?
 *
 * @returns t and log10 of its one-sided p-value; undefined where there are fewer than two of either, or they do not vary
 */
export function welchTest(a: readonly number[], b: readonly number[]): { t: number; log10P: number } | undefined {
  if (a.length < 2 || b.length < 2) return undefined;
  const [errorA, errorB] = [variance(a) / a.length, variance(b) / b.length];
  const error = errorA + errorB;
  if (error === 0) return undefined;
  const t = (mean(a) - mean(b)) / Math.sqrt(error);
  // Welch–Satterthwaite
  const df = error ** 2 / (errorA ** 2 / (a.length - 1) + errorB ** 2 / (b.length - 1));
  return { t, log10P: log10StudentTUpperTail(t, df) };
}

function lossesByClass(labels: readonly number[], losses: readonly number[], classes: number): number[][] {
  const byClass: number[][] = Array.from({ length: classes }, () => []);
  labels.forEach((label, i) => byClass[label]?.push(losses[i] ?? NaN));
  return byClass;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
