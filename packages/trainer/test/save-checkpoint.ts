/** A process of its own for the tests: saves a checkpoint of `numbers` (argv[3]) zeros at the path in argv[2]. */
import { tf } from '@radiotracer/nets';

import { saveCheckpoint } from '../src/lib/checkpoint.ts';

const [path = '', numbers = ''] = process.argv.slice(2);
const parameters = { w: tf.zeros([Number(numbers)]) };
await saveCheckpoint(path, { parameters, velocities: {}, position: { step: 2, log: [], lossSum: 0, correct: 0 } });
