import { describe, expect, it } from '@jest/globals';

import { linf, psnrDb } from './distortion.ts';

/** Of a logarithm in float64, in dB. */
const TOLERANCE_DB = 1e-12;

describe('psnrDb', () => {
  it('is 20·log10(255/d) where every pixel is off by d', () => {
    const original = new Uint8Array(12).fill(100);
    expect(psnrDb(original, new Uint8Array(12).fill(101))).toBeCloseTo(48.1308036086791, 12);
    expect(psnrDb(original, new Uint8Array(12).fill(92))).toBeCloseTo(30.069003868840032, 12);
  });

  it('takes the mean over all pixels: one off by 10 of 100 is as bad as all off by 1', () => {
    const original = new Uint8Array(100).fill(7);
    const one = Uint8Array.from(original, (value, i) => (i === 42 ? value + 10 : value));
    expect(Math.abs(psnrDb(original, one) - 48.1308036086791)).toBeLessThan(TOLERANCE_DB);
  });

  it('is 0 dB between black and white, and infinite for equal images', () => {
    expect(psnrDb(new Uint8Array(6), new Uint8Array(6).fill(255))).toBe(0);
    expect(psnrDb(new Uint8Array(6).fill(3), new Uint8Array(6).fill(3))).toBe(Infinity);
  });
});

describe('linf', () => {
  it('is the largest change, up or down', () => {
    expect(linf(Uint8Array.of(10, 20, 30), Uint8Array.of(11, 13, 36))).toBe(7);
    expect(linf(Uint8Array.of(0, 255), Uint8Array.of(255, 0))).toBe(255);
    expect(linf(Uint8Array.of(5, 6), Uint8Array.of(5, 6))).toBe(0);
  });
});
