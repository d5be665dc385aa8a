/**
 * The process that is watched: Temporal's development server with a worker, as the local server of a store has them, but
 * with the stages of `soak-stages.mjs`. Tells its parent the address, and ends when it is told to.
 */
import { once } from 'node:events';
import { startDevServer, runWorker } from '@radiotracer/worker';

const dev = await startDevServer({ dbFile: process.argv[2] });
const stagesModule = new URL('./soak-stages.mjs', import.meta.url).href;
const worker = await runWorker({ address: dev.address, stagesModule });
process.send(dev.address);
await once(process, 'message');
await worker.stop();
await dev.stop();
process.disconnect();
