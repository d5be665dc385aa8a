import { describe, expect, it } from '@jest/globals';
import { duration, percent, readableP } from './readable.ts';

describe('readable numbers', () => {
  it.each([
    [0, '1'],
    [Math.log10(0.43), '0.43'],
    [-2.5, '0.0032'],
    [-6.24, '10<sup>−6.2</sup>'],
    [-312.44, '10<sup>−312.4</sup>'],
    [null, '–'],
  ])('writes a p-value of log10 %p as %p', (log10P, text) => expect(readableP(log10P).markup).toBe(text));

  it.each([
    [0.04, '0.0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [3905, '1 h 5 min'],
  ])('writes %p seconds as %p', (seconds, text) => expect(duration(seconds)).toBe(text));

  it('writes a share as a percentage', () => expect(percent(0.7312)).toBe('73.1 %'));
});
