import { expect, test } from '@jest/globals';
import { firstDifference } from './difference.ts';

test('the same, whatever the order of fields, and to nine digits', () => {
  const value = { a: [1, null, 'x', { b: true }], c: -12.3456789012345 };
  expect(firstDifference(value, { c: -12.3456789012344, a: [1, null, 'x', { b: true }] }, 'v')).toBeUndefined();
  expect(firstDifference(1e-300, 0, 'v')).toBeUndefined();
});

test.each([
  [{ a: 1 }, { a: 1.00001 }, { path: 'v.a', found: 1, expected: 1.00001 }],
  [{ a: 1 }, { a: '1' }, { path: 'v.a', found: 1, expected: '1' }],
  [{ a: 1 }, {}, { path: 'v.a', found: 1, expected: undefined }],
  [{ a: null }, { a: {} }, { path: 'v.a', found: null, expected: {} }],
  [[1, 2], [1], { path: 'v[1]', found: 2, expected: undefined }],
  [[], {}, { path: 'v', found: [], expected: {} }],
  [true, false, { path: 'v', found: true, expected: false }],
  [NaN, 0, { path: 'v', found: NaN, expected: 0 }],
])('%j is not %j', (found, expected, difference) => {
  expect(firstDifference(found, expected, 'v')).toEqual(difference);
});
