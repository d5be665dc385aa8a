import { describe, expect, it } from '@jest/globals';

import { normalise } from './normalise.ts';

describe('normalise', () => {
  it('is torchvision’s ToTensor and Normalize with ImageNet’s statistics, by channel', () => {
    // (x / 255 − mean) / std, computed with 60 digits.
    const expected = [
      -2.1179039301310043, -2.0357142857142856, -1.8044444444444445, 2.2489082969432315, 0.2051820728291317,
    ];
    const found = normalise([0, 0, 0, 255, 128, 64]);
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 6));
  });

  it('takes levels between the integers', () => {
    const [low, middle, high] = [10, 10.5, 11].map((level) => normalise([level, level, level])[0] as number);
    expect(middle).toBeCloseTo(((low as number) + (high as number)) / 2, 6);
  });
});
