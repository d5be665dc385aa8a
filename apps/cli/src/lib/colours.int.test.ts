import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** What `doctor` prints into a pipe, which is coloured on a terminal. */
function doctor(variables: Readonly<Record<string, string>>): string {
  const { NO_COLOR: _no, FORCE_COLOR: _force, CI: _ci, ...env } = process.env;
  const args = ['--conditions=@radiotracer/source', '--import', import.meta.resolve('tsx'), main, 'doctor'];
  return spawnSync(process.execPath, args, { env: { ...env, ...variables }, encoding: 'utf8' }).stdout;
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
