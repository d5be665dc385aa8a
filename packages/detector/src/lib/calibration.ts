import { betaQuantile, clopperPearson, uniformKolmogorovSmirnov } from '@radiotracer/stats';
import { evidenceTests } from './evidence-tests.ts';
import { lossComparison } from './loss-comparison.ts';
import { redrawTests } from './redraw.ts';
import type { CalibratedTest, Calibration, Evidence } from './types.ts';

/** How often each model's publication is drawn anew. */
const REDRAWS = 1000;
/** Levels at which false positives are counted. */
const LEVELS = [0.05, 0.01, 0.001];
/** Of the intervals of false positives, and of the band of the quantiles. */
const CONFIDENCE = 0.95;
/** log10 of the Kolmogorov–Smirnov p-value below which a test's p-values are called not uniform. Fixed before looking. */
const LOG10_UNIFORM = -3;
/** Points of the plot of quantiles. */
const POINTS = 100;

/** A model's evidence, and what the model is called. */
export interface NamedEvidence {
  readonly name: string;
  readonly evidence: Evidence;
}

/**
 * Are the p-values true? Draws the published versions and the carriers of each model anew, as often as `redraws` says, and
 * tells whether each test's p-values are uniform, as they must be: over all models, and for each.
 *
 * P-values are as the tests give them: ties count towards p, so those of a test with few possible outcomes are larger
 * than uniform ones, which is on the safe side, and called not uniform all the same.
 *
 * @param models - at least one; they may know the publication, as nobody knows the redraws
 * @returns the tests in the order of a verdict, and the loss comparison, which was withdrawn as it fails
 * @throws InvalidEvidenceError as `judgeEvidence`
 */
export function calibrateTests(models: readonly NamedEvidence[], redraws = REDRAWS): Calibration {
  const redrawn = models.map(({ evidence }, i) => redrawTests(evidence, redraws, String(i)));
  const asDrawn = models.map(({ evidence }) => {
    const results = [...evidenceTests(evidence).results, lossComparison(evidence)];
    return new Map(results.flatMap((result) => (result ? [[result.test, result.log10P]] : [])));
  });
  const tests = [...new Set(redrawn.flat().map(({ test }) => test))];
  return {
    redraws,
    tests: tests.map((test) => {
      const byModel = models.flatMap(({ name }, i) => {
        const log10Ps = redrawn[i]?.find((other) => other.test === test)?.log10Ps;
        return log10Ps ? [{ name, log10Ps, asDrawn: asDrawn[i]?.get(test) ?? NaN }] : [];
      });
      return calibrateTest(test, byModel);
    }),
  };
}

function calibrateTest(
  test: string,
  models: readonly { name: string; log10Ps: readonly number[]; asDrawn: number }[],
): CalibratedTest {
  const sorted = models.flatMap(({ log10Ps }) => log10Ps).sort((a, b) => a - b);
  const uniformity = uniformityOf(sorted);
  return {
    test,
    draws: sorted.length,
    isUniform: uniformity.log10P >= LOG10_UNIFORM,
    uniformity,
    falsePositives: LEVELS.map((level) => {
      const count = sorted.filter((log10P) => log10P <= Math.log10(level)).length;
      const { low, high } = clopperPearson(count, sorted.length, CONFIDENCE);
      return { level, count, low, high };
    }),
    models: models.map(({ name, log10Ps, asDrawn }) => ({
      name,
      asDrawnLog10P: asDrawn,
      uniformityLog10P: uniformityOf(log10Ps).log10P,
    })),
    quantiles: plottedRanks(sorted.length).map((rank) => ({
      log10P: sorted[rank - 1] as number,
      expectedLog10P: Math.log10((rank - 0.5) / sorted.length),
      lowLog10P: Math.log10(betaQuantile((1 - CONFIDENCE) / 2, rank, sorted.length - rank + 1)),
      highLog10P: Math.log10(betaQuantile((1 + CONFIDENCE) / 2, rank, sorted.length - rank + 1)),
    })),
  };
}

function uniformityOf(log10Ps: readonly number[]): CalibratedTest['uniformity'] {
  const { statistic, log10P } = uniformKolmogorovSmirnov(log10Ps.map((each) => 10 ** each));
  return { statistic, log10P: Math.max(log10P, -999) }; // JSON has no −∞, which p-values that are all 1 have
}

/** Ranks from 1 to n, evenly spaced on a log scale, where the small p-values are. */
function plottedRanks(n: number): number[] {
  const ranks = Array.from({ length: POINTS }, (_, i) => Math.round(n ** (i / (POINTS - 1))));
  return [...new Set(ranks)];
}
