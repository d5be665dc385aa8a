import { goInstall } from './go-install.mjs';
import { builtVersitygw, testS3Server as findTestS3Server } from './locations.mjs';
import { pins } from './pins.mjs';
import { checkGo } from './requirements.mjs';

/**
 * The step that builds the S3 server of the tests into the cache folder. Only tests need it: `npm run setup -- --tests`.
 *
 * @param {string} cache - the cache folder
 * @returns {import('./main.mjs').Step}
 */
export function testS3Server(cache) {
  return {
    name: 'S3 server for tests',
    isDone: () => findTestS3Server() !== undefined,
    needs: () => [checkGo()],
    diskBytes: { [cache]: 1e9 },
    run: async () => {
      const { module, version } = pins.versitygw;
      console.log(`  building ${module} ${version} (a minute or two on two cores)`);
      await goInstall(
        pins.versitygw,
        builtVersitygw(),
        `Is the network up? Else name a versitygw executable in RADIOTRACER_TEST_VERSITYGW.`,
      );
    },
  };
}
