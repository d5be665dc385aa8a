/**
 * A negative control from evidence alone: the decisive p once more with a decoy in the place of every published version,
 * each of the others in turn. Takes `evidence.json` files, as they are or compressed with gzip.
 *
 *     npm run build && node docs/results/decoys.mjs docs/results/cifar10-study/run-*-suspect.json.gz
 */
import { basename } from 'node:path';

import { judgeEvidence } from '../../packages/detector/dist/judge.js';
import { formatP } from '../../packages/stats/dist/index.js';
import { readEvidence } from './evidence-file.mjs';

console.log('| evidence | as published | with a decoy for the published |');
console.log('| --- | --- | --- |');
for (const file of process.argv.slice(2)) {
  const evidence = readEvidence(file);
  const { marked } = evidence;
  const versions = marked.suspectLoss[0].length;
  const [own, ...decoys] = Array.from({ length: versions }, (_, shift) => {
    const published = marked.published.map((version) => (version + shift) % versions);
    const moved = { ...evidence, marked: { ...marked, published } };
    return formatP(judgeEvidence(moved, { name: 'model', log10Level: -4, test: 'exact' }).decisive.log10P);
  });
  console.log(`| ${basename(file)} | ${own} | ${decoys.join(', ')} |`);
}
