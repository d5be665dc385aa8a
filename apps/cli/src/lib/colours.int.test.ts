import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { main } from '../../test/run-command.ts';

/** What `doctor` prints into a pipe, which is coloured on a terminal. */
function doctor(variables: Readonly<Record<string, string>>): string {
  const { NO_COLOR: _no, FORCE_COLOR: _force, CI: _ci, ...env } = process.env;
  return spawnSync(process.execPath, [main, 'doctor'], { env: { ...env, ...variables }, encoding: 'utf8' }).stdout;
}

test.each([
  ['there are none into a pipe', {}, false],
  ['NO_COLOR takes them out, whatever else asks for them', { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ['FORCE_COLOR puts them in', { FORCE_COLOR: '1' }, true],
])(
  'colours: %s',
  (_, variables, expected) => {
    const text = doctor(variables);
    expect(text).toContain('TensorFlow');
    expect(text !== stripVTControlCharacters(text)).toBe(expected);
  },
  60_000,
);
