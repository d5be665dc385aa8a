import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkDisk, checkDisks, checkNode, checkPython, type Check } from './requirements.mjs';

describe('checkNode', () => {
  test.each(['20.19.0', '20.20.2', '22.12.0', '22.21.1'])('accepts %s', (version) => {
    expect(checkNode(version)).toEqual({ name: 'node', ok: true, found: version });
  });

  test.each(['18.20.8', '20.9.0', '20.18.3', '21.7.3', '22.9.0', '24.1.0'])(
    'refuses %s and says what to install',
    (version) => {
      expect(checkNode(version)).toMatchObject({
        ok: false,
        found: version,
        advice: expect.stringContaining('20.19+ or 22.12+'),
      });
    },
  );
});

describe('checkDisk', () => {
  test('looks at the disk of a folder that is yet to be made', () => {
    expect(checkDisk('/not/there/yet', 1)).toMatchObject({
      ok: true,
      found: expect.stringMatching(/^[\d.]+ GB free$/),
    });
  });

  test('says how much is needed where there is too little', () => {
    expect(checkDisk('/', 1e18)).toMatchObject({ ok: false, advice: expect.stringContaining('1000000000.0 GB') });
  });
});

describe('checkDisks', () => {
  test('adds up what goes into folders of one disk', () => {
    expect(
      checkDisks([
        ['/not/there/yet', 6e17],
        ['/nor/there', 3e17],
        ['/not/there/yet', 1e17],
      ]),
    ).toEqual([
      expect.objectContaining({
        name: 'disk space for /not/there/yet and /nor/there',
        ok: false,
        advice: expect.stringContaining('1000000000.0 GB'),
      }),
    ]);
  });

  test('checks each disk for itself', () => {
    const checks = checkDisks([
      ['/', 1],
      ['/proc', 0],
    ]);
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['disk space for /', true],
      ['disk space for /proc', true],
    ]);
  });
});

describe('checkPython', () => {
  /** Checks with a `python3` that has pip, and fails at everything else where `hasVenv` is false. */
  function checkWith({ hasVenv }: { hasVenv: boolean }): Check {
    const folder = mkdtempSync(join(tmpdir(), 'python-'));
    const script = `#!/bin/sh\n[ "$2" = pip ] && echo 'pip 24.0 from /usr/lib' && exit\nexit ${hasVenv ? 0 : 1}\n`;
    writeFileSync(join(folder, 'python3'), script, { mode: 0o755 });
    try {
      return checkPython({ PATH: folder });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('wants pip and what a virtual environment is made with', () => {
    expect(checkWith({ hasVenv: true })).toMatchObject({ ok: true, found: 'pip 24.0' });
  });

  test('says what to install where Debian has left venv out', () => {
    expect(checkWith({ hasVenv: false })).toMatchObject({
      ok: false,
      found: 'pip 24.0, but no venv',
      advice: 'install them: apt-get install python3-pip python3-venv',
    });
  });
});
