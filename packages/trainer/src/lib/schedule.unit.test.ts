import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { settings } from '../../test/settings.ts';
import { learningRateAt } from './schedule.ts';
import type { TrainingSettings } from './types.ts';

interface Golden {
  stepsPerEpoch: number;
  cases: (Partial<TrainingSettings> & { rates: number[] })[];
}

// Computed by generate-schedule.py beside it, with PyTorch.
const torch = JSON.parse(readFileSync(new URL('../../test/fixtures/schedule.json', import.meta.url), 'utf8')) as Golden;

/** Relative; torch computes each rate from the one before, in double precision, over at most 35 steps. */
const TOLERANCE = 1e-12;
/** Digits after the point: one double operation or two, on rates of at most 1. */
const DIGITS = 15;

describe('learningRateAt', () => {
  const cosine = settings({ learningRate: 1, epochs: 4, warmupEpochs: 1, schedule: { name: 'cosine' } });
  const rates = (training: TrainingSettings, stepsPerEpoch: number, steps: readonly number[]) =>
    steps.map((step) => learningRateAt(training, step, stepsPerEpoch));

  it.each(torch.cases)(
    'is torch’s with $schedule and $warmupEpochs epochs of warm-up',
    ({ rates: expected, ...given }) => {
      const training = settings(given);
      const found = expected.map((_, step) => learningRateAt(training, step, torch.stepsPerEpoch));
      expect(found).toHaveLength(training.epochs * torch.stepsPerEpoch);
      found.forEach((rate, step) => expect(Math.abs(rate / (expected[step] as number) - 1)).toBeLessThan(TOLERANCE));
    },
  );

  it('climbs by equal steps from 0, which it leaves out, to the peak at the end of the warm-up', () => {
    expect(rates(cosine, 4, [0, 1, 2, 3, 4])).toEqual([1 / 5, 2 / 5, 3 / 5, 4 / 5, 1]);
  });

  it('falls along half a cosine that would reach 0 one step after the last', () => {
    // 4 steps of warm-up, 12 after it: half-way, a third and the last twelfth of the cosine.
    expect(learningRateAt(cosine, 10, 4)).toBeCloseTo(0.5, DIGITS);
    expect(learningRateAt(cosine, 8, 4)).toBeCloseTo(0.75, DIGITS);
    expect(learningRateAt(cosine, 15, 4)).toBeCloseTo((1 - Math.cos(Math.PI / 12)) / 2, DIGITS);
    expect(learningRateAt(cosine, 16, 4)).toBe(0);
  });

  it('begins at the peak without a warm-up', () => {
    expect(learningRateAt({ ...cosine, warmupEpochs: 0 }, 0, 4)).toBe(1);
  });

  it('warms up over a fraction of an epoch, and of a step', () => {
    const whole = { ...cosine, warmupEpochs: 0.5 }; // 2 steps of 4
    expect(rates(whole, 4, [0, 1, 2])).toEqual([1 / 3, 2 / 3, 1]);
    const part = { ...cosine, warmupEpochs: 0.625 }; // 2.5 steps of 4
    expect(rates(part, 4, [0, 1, 2])).toEqual([1 / 3.5, 2 / 3.5, 3 / 3.5]);
    expect(learningRateAt(part, 3, 4)).toBeCloseTo((1 + Math.cos((Math.PI * 0.5) / 13.5)) / 2, DIGITS);
  });

  it('stays finite and below the peak if the warm-up takes the whole training', () => {
    expect(rates({ ...cosine, epochs: 1 }, 4, [0, 1, 2, 3])).toEqual([1 / 5, 2 / 5, 3 / 5, 4 / 5]);
  });

  it('drops by the factor at every multiple of `every`, counted from the start of training', () => {
    const step = settings({
      learningRate: 1,
      epochs: 7,
      warmupEpochs: 1,
      schedule: { name: 'step', every: 2, factor: 0.25 },
    });
    expect(rates(step, 3, [2, 3, 5, 6, 11, 12, 20])).toEqual([3 / 4, 1, 1, 1 / 4, 1 / 4, 1 / 16, 1 / 64]);
  });
});
