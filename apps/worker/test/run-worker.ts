/** A worker in a process of its own, for the tests; argv[2] is its `WorkerOptions` as JSON. */
import { runWorker } from '../src/lib/worker.ts';

await runWorker(JSON.parse(process.argv[2] as string));
