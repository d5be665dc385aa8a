/**
 * A process of its own for the tests: trains on the store in argv[2] with the input (JSON) in argv[3]. Writes the
 * images done to standard error at each step, and the artefact to standard output.
 */
import { RunStore, runStage } from '@radiotracer/store';

import { trainNetwork, type TrainNetworkInput } from '../src/index.ts';

const [folder = '', input = ''] = process.argv.slice(2);
const store = await RunStore.open(folder);
const artifact = await runStage(trainNetwork, JSON.parse(input) as TrainNetworkInput, {
  store,
  report: ({ done }) => process.stderr.write(`done ${done}\n`),
});
process.stdout.write(JSON.stringify(artifact));
