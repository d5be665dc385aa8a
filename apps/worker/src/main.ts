#!/usr/bin/env node
/** The worker as a process of its own; SIGINT and SIGTERM stop it. Options by argument, or by Temporal's own variables. */
import { parseArgs } from 'node:util';
import { runWorker } from './lib/worker.ts';

const { values } = parseArgs({
  options: {
    address: { type: 'string', default: process.env.TEMPORAL_ADDRESS },
    namespace: { type: 'string', default: process.env.TEMPORAL_NAMESPACE },
    queue: { type: 'string' },
    concurrency: { type: 'string', default: '1' },
  },
});
const apiKey = process.env.TEMPORAL_API_KEY;
const { done } = await runWorker({
  address: values.address,
  namespace: values.namespace,
  taskQueue: values.queue,
  concurrency: Number(values.concurrency),
  ...(apiKey && { apiKey, tls: true }),
});
await done;
