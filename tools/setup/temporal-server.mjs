import { goInstall } from './go-install.mjs';
import { builtTemporal, temporalServer as findTemporalServer } from './locations.mjs';
import { pins } from './pins.mjs';
import { checkGo } from './requirements.mjs';

/**
 * The step that builds the Temporal server into the cache folder, unless the machine has one.
 *
 * @param {string} cache - the cache folder
 * @returns {import('./main.mjs').Step}
 */
export function temporalServer(cache) {
  return {
    name: 'Temporal server',
    isDone: () => findTemporalServer() !== undefined,
    needs: () => [checkGo()],
    diskBytes: { [cache]: 2.5e9 },
    run: async () => {
      const { module, version } = pins.temporal;
      console.log(`  building ${module} ${version} (3 minutes on two cores)`);
      await goInstall(
        pins.temporal,
        builtTemporal(),
        `Is the network up? Else install the Temporal CLI (https://docs.temporal.io/cli) and put it on PATH, or name it in RADIOTRACER_TEMPORAL_BIN.`,
      );
    },
  };
}
