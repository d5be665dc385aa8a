import { isRetryable } from './is-retryable.ts';

test.each([
  ['an error that says nothing', new Error('EIO: i/o error'), true],
  ['one of the input', new RangeError('width is 0; give an integer ≥ 1'), false],
  ['one of the program', new TypeError('undefined is not a function'), false],
  ['one that says yes', Object.assign(new RangeError('the disk is full'), { retryable: true }), true],
  ['one that says no', Object.assign(new Error('the shard is corrupt'), { retryable: false }), false],
])('%s', (_case, error, expected) => {
  expect(isRetryable(error)).toBe(expected);
});
