import { describe, expect, it } from '@jest/globals';

import { MarkingError } from './errors.ts';
import { checkMarkingSettings, PAPER_MARKING } from './marking-settings.ts';
import type { MarkingSettings } from './types.ts';

function problemOf(change: Partial<Record<keyof MarkingSettings, unknown>>): unknown {
  try {
    checkMarkingSettings({ ...PAPER_MARKING, ...change } as MarkingSettings);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('checkMarkingSettings', () => {
  it('accepts the settings of the authors’ code, and every bound', () => {
    expect(problemOf({})).toBeUndefined();
    for (const encode of ['png', 'jpeg:1', 'jpeg:100']) expect(problemOf({ encode })).toBeUndefined();
    const bounds = { markedFraction: 1, versions: 2, radius: 255, lambdaFeatureL2: 0, lambdaImageL2: 0, steps: 1 };
    expect(
      problemOf({ ...bounds, cropPadding: 0, seed: 0, selection: 'hardest', carrierUnit: 'image' }),
    ).toBeUndefined();
  });

  it.each<[keyof MarkingSettings, unknown]>([
    ['markedFraction', 0],
    ['markedFraction', 1.01],
    ['markedFraction', NaN],
    ['selection', 'easiest'],
    ['versions', 1],
    ['versions', 2.5],
    ['carrierUnit', 'corpus'],
    ['radius', 0],
    ['radius', 7.5],
    ['radius', 256],
    ['lambdaFeatureL2', -0.01],
    ['lambdaImageL2', NaN],
    ['lambdaImageL2', Infinity],
    ['optimizer', 'lbfgs'],
    ['learningRate', 0],
    ['learningRate', Infinity],
    ['steps', 0],
    ['steps', 1.5],
    ['encode', 'jpeg'],
    ['encode', 'jpeg:0'],
    ['encode', 'jpeg:101'],
    ['encode', 'webp:90'],
    ['cropPadding', -1],
    ['cropPadding', 0.5],
    ['horizontalFlip', 'no'],
    ['seed', 0.5],
  ])('refuses marking.%s = %p, permanently and by name', (field, value) => {
    const error = problemOf({ [field]: value });
    expect(error).toBeInstanceOf(MarkingError);
    expect(error).toMatchObject({ name: 'MarkingError', retryable: false });
    expect(String(error)).toContain(`marking.${field} is ${String(value)}; it must be `);
  });
});
