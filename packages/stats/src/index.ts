/**
 * P-values in log space, their combinations, and exact tests.
 *
 * Every p-value is given as its log10 and computed as a log from the start, so that
 * nothing underflows: 1e−40,000 is a number like any other. All tests are one-sided, "greater".
 *
 * - tails: `log10CosineUpperTail`, `log10NormalUpperTail`, `log10StudentTUpperTail`, `log10ChiSquaredUpperTail`
 * - combinations: `fisher`, `stouffer`; many tests at once: `holm`
 * - exact tests of a secret draw: `decoyTest`, `rankTest`; one that may stop at any time: `decoyEValues`
 * - checks of calibration: `decoyNull`, `betaQuantile`, `clopperPearson`
 * - planning: `decoyPower`, `typicalDecoyLog10P`, `neededAdvantage`, `neededDraws`, `leastDecoyLog10P`, `neededCosine`
 * - the usual tests: `pairedTTest`, `wilcoxonSignedRankTest`, `uniformKolmogorovSmirnov`
 * - intervals: `meanInterval`
 */
export { betaQuantile } from './lib/beta-quantile.ts';
export { log10ChiSquaredUpperTail } from './lib/chi-squared.ts';
export { clopperPearson } from './lib/clopper-pearson.ts';
export { neededCosine, type CosineTest } from './lib/cosine-power.ts';
export { log10CosineUpperTail } from './lib/cosine.ts';
export { decoyEValues } from './lib/decoy-e-values.ts';
export { decoyNull } from './lib/decoy-null.ts';
export { decoyPower, leastDecoyLog10P, neededAdvantage, neededDraws, typicalDecoyLog10P } from './lib/decoy-power.ts';
export { decoyTest, type DecoyTestResult } from './lib/decoy-test.ts';
export type { Draws } from './lib/draws.ts';
export { fisher } from './lib/fisher.ts';
export { formatP } from './lib/format-p.ts';
export { holm } from './lib/holm.ts';
export { meanInterval, type MeanInterval } from './lib/mean-interval.ts';
export { log10NormalUpperTail, normalUpperQuantile } from './lib/normal.ts';
export { pairedTTest, type PairedTTestResult } from './lib/paired-t-test.ts';
export { rankTest, type RankTestResult } from './lib/rank-test.ts';
export { stouffer } from './lib/stouffer.ts';
export { log10StudentTUpperTail } from './lib/student-t.ts';
export { uniformKolmogorovSmirnov, type KolmogorovSmirnovResult } from './lib/uniform-kolmogorov-smirnov.ts';
export { wilcoxonSignedRankTest, type WilcoxonResult } from './lib/wilcoxon-signed-rank-test.ts';
