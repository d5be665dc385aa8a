import { describe, expect, test } from '@jest/globals';
import { checkDisk, checkNode } from './requirements.mjs';

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
