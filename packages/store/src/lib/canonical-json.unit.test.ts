import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('is JSON with sorted keys', () => {
    expect(canonicalJson({ b: [1e21, -0, null], a: { 'ö"': 'x' } }, 'input')).toBe(
      '{"a":{"ö\\"":"x"},"b":[1e+21,0,null]}',
    );
  });

  it('does not depend on the order of properties, and loses nothing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = canonicalJson(value, 'value');
        expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()), 'value')).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    [{ a: { b: undefined } }, 'input.a.b must be JSON, found undefined'],
    [{ a: [0, -Infinity] }, 'input.a[1] must be JSON, found -Infinity'],
    [{ when: new Date(0) }, 'input.when must be JSON, found Date'],
    [{ pixels: new Uint8Array(3) }, 'input.pixels must be JSON, found Uint8Array'],
    [{ f: () => 1 }, 'input.f must be JSON, found a function'],
    [undefined, 'input must be JSON, found undefined'],
  ])('refuses %p', (value, message) => {
    expect(() => canonicalJson(value, 'input')).toThrow(message);
  });
});
