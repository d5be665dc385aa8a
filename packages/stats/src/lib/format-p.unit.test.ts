import { expect, it } from '@jest/globals';
import { formatP } from './format-p.ts';

it.each([
  [0, '1'],
  [Math.log10(0.43), '0.43'],
  [-2.5, '0.0032'],
  [-3, '10^-3.0'],
  [-312.44, '10^-312.4'],
])('writes log10 p = %p as %p', (log10P, text) => expect(formatP(log10P)).toBe(text));
