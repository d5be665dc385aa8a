/**
 * A negative control from evidence alone: the decisive p once more with a decoy in the place of every published version,
 * each of the others in turn. Takes `evidence.json` files, as they are or compressed with gzip.
 *
 *     npm run build && node docs/results/decoys.mjs docs/results/cifar10-study/run-*-suspect.json.gz
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { judgeEvidence, parseEvidence } from '../../packages/detector/dist/judge.js';
import { formatP } from '../../packages/stats/dist/index.js';

console.log('| evidence | as published | with a decoy for the published |');
console.log('| --- | --- | --- |');
for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const evidence = parseEvidence(JSON.parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes));
  const { marked } = evidence;
  const versions = marked.suspectLoss[0].length;
  const [own, ...decoys] = Array.from({ length: versions }, (_, shift) => {
    const published = marked.published.map((version) => (version + shift) % versions);
    const moved = { ...evidence, marked: { ...marked, published } };
    return formatP(judgeEvidence(moved, { name: 'model', log10Level: -4, test: 'exact' }).decisive.log10P);
  });
  console.log(`| ${basename(file)} | ${own} | ${decoys.join(', ')} |`);
}
