import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { builtTemporal, cacheFolder, temporalServer, testChromium, unpackedChromium } from './locations.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'locations-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An executable that answers `--version` as the Temporal CLI does. */
function writeTemporal(path: string, version: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "temporal version ${version}"\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('cacheFolder', () => {
  test('is RADIOTRACER_CACHE, else in XDG_CACHE_HOME, else in the home folder', () => {
    expect(cacheFolder({ RADIOTRACER_CACHE: '/disk/cache', XDG_CACHE_HOME: '/xdg' })).toBe('/disk/cache');
    expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' })).toBe('/xdg/radiotracer');
    expect(cacheFolder({})).toMatch(/\/\.cache\/radiotracer$/);
  });

  test('is absolute, also where it was named from the current folder', () => {
    expect(cacheFolder({ RADIOTRACER_CACHE: 'cache' })).toBe(join(process.cwd(), 'cache'));
  });
});

describe('temporalServer', () => {
  test('is the one that RADIOTRACER_TEMPORAL_BIN names', () => {
    writeTemporal(join(folder, 'temporal'), '1.5.1 (Server 1.29.1, UI 2.42.1)');
    expect(temporalServer({ RADIOTRACER_TEMPORAL_BIN: '/my/temporal', PATH: folder })).toBe('/my/temporal');
  });

  test('is the one on PATH, also when Go built it without a version of its own', () => {
    const onPath = writeTemporal(join(folder, 'bin', 'temporal'), '0.0.0-DEV (Server 1.29.1, UI 2.42.1)');
    expect(temporalServer({ RADIOTRACER_CACHE: folder, PATH: `/none:${join(folder, 'bin')}` })).toBe(onPath);
  });

  test('is the one in the cache when the one on PATH is too old', () => {
    writeTemporal(join(folder, 'bin', 'temporal'), '1.1.0 (Server 1.25.0, UI 2.31.2)');
    const env = { RADIOTRACER_CACHE: folder, PATH: join(folder, 'bin') };
    expect(temporalServer(env)).toBeUndefined();
    const built = writeTemporal(builtTemporal(env), '0.0.0-DEV (Server 1.29.1, UI 2.42.1)');
    expect(temporalServer(env)).toBe(built);
  });
});

describe('testChromium', () => {
  test('is the one that RADIOTRACER_TEST_CHROMIUM names, else the one in the cache', () => {
    const env = { RADIOTRACER_CACHE: folder };
    expect(testChromium(env)).toBeUndefined();
    const unpacked = unpackedChromium(env);
    mkdirSync(dirname(unpacked));
    writeFileSync(unpacked, '#!/bin/sh\n', { mode: 0o755 });
    expect(testChromium(env)).toBe(unpacked);
    expect(testChromium({ ...env, RADIOTRACER_TEST_CHROMIUM: '/my/chromium' })).toBe('/my/chromium');
  });
});
