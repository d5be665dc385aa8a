import { expect, it } from '@jest/globals';
import { simulateDraws } from '../../test/draws.ts';
import { seededRng } from '../../test/rng.ts';
import { decoyPower, typicalDecoyLog10P } from './decoy-power.ts';
import { decoyTest } from './decoy-test.ts';

const versions = 10;
const runs = 100;

/** What must be added to the score of the published version, in sds of a decoy's, for an advantage of d. */
function effectOf(d: number): number {
  return Math.sqrt(d ** 2 / ((versions - 1 - d ** 2) / versions));
}

it.each([
  [20, 4],
  [40, 5],
])('the exact test on %d draws with z about %d comes out as planned', (draws, z) => {
  const advantage = z / Math.sqrt(draws);
  const rng = seededRng(draws);
  const tests = Array.from({ length: runs }, () => decoyTest(simulateDraws(rng, draws, versions, effectOf(advantage))));
  const sorted = tests.map(({ log10P }) => log10P).sort((a, b) => a - b);
  const mean = tests.reduce((sum, test) => sum + test.z, 0) / runs;
  expect(Math.abs(mean - z)).toBeLessThan(0.4); // 4 standard deviations of a mean of 100
  // The median of 100: sd of log10 p about 2, so 4 · 1.25 · 2 / √100 = 1; the formula's own error is 0.4.
  expect(Math.abs((sorted[runs / 2] as number) - typicalDecoyLog10P(advantage, draws, versions))).toBeLessThan(1.4);
  const found = sorted.filter((log10P) => log10P <= -4).length / runs;
  expect(Math.abs(found - decoyPower(advantage, draws, -4))).toBeLessThan(0.2 + 0.06); // 4 sds, and the formula's own
});
