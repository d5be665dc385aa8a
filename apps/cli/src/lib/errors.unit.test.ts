import { expect, test } from '@jest/globals';
import { MissingArtifactError } from '@radiotracer/store';
import { asCommandError, commandError, errorText, InputError, SettingsError, UnreachableError } from './errors.ts';

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
  expect(commandError(name, 'message', undefined).exitCode).toBe(code);
});

test('an error is told in one line, whatever it quotes; wrong settings in a line each', () => {
  expect(errorText(new InputError('a\n  b \u001b[2J'))).toBe('error: a b \\x1b[2J');
  expect(errorText(new SettingsError('seed: a\nlevel: b'))).toBe('error: seed: a\nlevel: b');
});

test('the packages’ own errors end the same way', () => {
  expect(asCommandError(new MissingArtifactError('/store')).exitCode).toBe(3);
  expect(asCommandError(new UnreachableError('nobody')).exitCode).toBe(5);
  expect(asCommandError('thrown text').exitCode).toBe(4);
});

test('what a disk says gets advice, also out of a workflow', () => {
  const full = commandError('Error', 'ENOSPC: no space left on device, write', undefined);
  expect(full.message).toBe(
    'ENOSPC: no space left on device, write; make room on the disk and run the same command again',
  );
  expect(full.exitCode).toBe(6);
  expect(commandError('Error', 'ENOENT: no such file', undefined)).toMatchObject({
    exitCode: 4,
    message: 'ENOENT: no such file',
  });
});
