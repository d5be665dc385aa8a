import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { parseEvidence } from '../../packages/detector/dist/judge.js';

/** The evidence in an `evidence.json`, as it is or compressed with gzip. */
export function readEvidence(file) {
  const bytes = readFileSync(file);
  return parseEvidence(JSON.parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes));
}
