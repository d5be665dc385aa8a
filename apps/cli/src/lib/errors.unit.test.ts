import { expect, test } from '@jest/globals';
import { MissingArtifactError } from '@radiotracer/store';
import { commandError, exitCodeOf, UnreachableError } from './errors.ts';

test.each([
  ['InvalidArgumentError', 2],
  ['MarkingError', 2],
  ['CorruptArtifactError', 3],
  ['CorruptShardError', 3],
  ['KeyFileError', 3],
  ['VerificationError', 3],
  ['DivergenceError', 4],
  ['TypeError', 4],
  ['DevServerError', 6],
])('%s, by name as it comes out of a workflow, ends with %d', (name, code) => {
  expect(exitCodeOf(commandError(name, 'message', undefined))).toBe(code);
});

test('the packages’ own errors end the same way', () => {
  expect(exitCodeOf(new MissingArtifactError('/store'))).toBe(3);
  expect(exitCodeOf(new UnreachableError('nobody'))).toBe(5);
  expect(exitCodeOf('thrown text')).toBe(4);
});
