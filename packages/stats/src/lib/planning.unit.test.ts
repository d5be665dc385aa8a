import { describe, expect, it } from '@jest/globals';
import { normalSample, seededRng } from '../../test/rng.ts';
import { neededCosine } from './cosine-power.ts';
import { decoyPower, leastDecoyLog10P, neededAdvantage, neededDraws, typicalDecoyLog10P } from './decoy-power.ts';
import { fisher } from './fisher.ts';
import { log10NormalUpperTail } from './normal.ts';
import { stouffer } from './stouffer.ts';

const log10Level = -4;

describe('the power of the decoy test', () => {
  it('is what the needed advantage asks for, and the needed draws give', () => {
    for (const power of [0.05, 0.5, 0.9, 0.999]) {
      expect(decoyPower(neededAdvantage(power, 300, log10Level), 300, log10Level)).toBeCloseTo(power, 10);
      const draws = neededDraws(power, 0.2, log10Level);
      expect(decoyPower(0.2, draws, log10Level)).toBeGreaterThanOrEqual(power);
      expect(decoyPower(0.2, draws - 1, log10Level)).toBeLessThan(power);
    }
  });

  it('is the level without an advantage', () => {
    expect(Math.log10(decoyPower(0, 500, log10Level))).toBeCloseTo(log10Level, 10);
  });

  it('is one half where the typical p-value is the level', () => {
    expect(typicalDecoyLog10P(neededAdvantage(0.5, 80, log10Level), 80, 10)).toBeCloseTo(log10Level, 10);
  });

  it('takes one draw where chance alone finds as many suspects', () => {
    expect(neededDraws(0.05, 0.37, Math.log10(0.5))).toBe(1);
  });

  it('ends at the p-value of a suspect that prefers every published version', () => {
    expect(leastDecoyLog10P(3, 100)).toBe(-6);
    expect(typicalDecoyLog10P(5, 3, 100)).toBe(-6);
  });
});

describe('the power of the white-box test', () => {
  /** Share of simulated suspects with this mean cosine that are found. */
  const simulate = (cosine: number, classes: number, combine: (log10Ps: number[]) => number, runs: number): number => {
    const rng = seededRng(11);
    const dimension = 512;
    const found = Array.from({ length: runs }, () => {
      const zs = Array.from({ length: classes }, () => normalSample(rng) + cosine * Math.sqrt(dimension));
      return combine(zs.map(log10NormalUpperTail)) <= log10Level;
    });
    return found.filter(Boolean).length / runs;
  };
  const test = { classes: 10, dimension: 512, log10Level };

  // 4 standard deviations of the simulated share are 0.04; the formula of Fisher is off by 0.01.
  it.each([0.5, 0.9])('is %d at the needed cosine, by either combination', (power) => {
    const needed = (combination: 'fisher' | 'stouffer') => neededCosine(power, { ...test, combination });
    expect(Math.abs(simulate(needed('stouffer'), 10, stouffer, 2500) - power)).toBeLessThan(0.04);
    expect(Math.abs(simulate(needed('fisher'), 10, fisher, 2500) - power)).toBeLessThan(0.05);
  });

  it('takes a cosine that falls with the root of the number of classes', () => {
    const needed = [10, 100, 1000].map((classes) => neededCosine(0.5, { ...test, classes, combination: 'stouffer' }));
    expect(needed.map((cosine) => cosine.toPrecision(2))).toEqual(['0.052', '0.016', '0.0052']);
  });

  it('takes more by Fisher than by Stouffer where every class holds a little', () => {
    for (const classes of [10, 100, 1000]) {
      const [byFisher, byStouffer] = (['fisher', 'stouffer'] as const).map((combination) =>
        neededCosine(0.5, { ...test, classes, combination }),
      );
      expect(byFisher).toBeGreaterThan(byStouffer as number);
      expect(byFisher).toBeLessThan(1.2 * (byStouffer as number));
    }
  });
});

it.each<[string, () => number, string]>([
  ['no draws', () => leastDecoyLog10P(0, 10), 'draws must be an integer ≥ 1, got 0'],
  ['one version', () => typicalDecoyLog10P(1, 5, 1), 'versions must be an integer ≥ 2, got 1'],
  ['no number for an advantage', () => decoyPower(NaN, 5, -4), 'advantage must be finite, got NaN'],
  ['a level of 1', () => neededAdvantage(0.5, 5, 0), 'log10Level must be finite and below 0, got 0'],
  ['surety', () => neededAdvantage(1, 5, -4), 'power must be between 0 and 1, got 1'],
  ['no advantage', () => neededDraws(0.5, 0, -4), 'advantage must be above 0, got 0'],
  [
    'a level that is none',
    () => neededCosine(0.5, { classes: 10, dimension: 512, log10Level: NaN, combination: 'fisher' }),
    'log10Level must be finite and below 0, got NaN',
  ],
  [
    'no classes',
    () => neededCosine(0.5, { classes: 0, dimension: 512, log10Level, combination: 'fisher' }),
    'classes must be an integer ≥ 1, got 0',
  ],
])('a plan with %s is refused by name', (_, plan, problem) => {
  expect(plan).toThrow(new RangeError(`stats: ${problem}`));
});
