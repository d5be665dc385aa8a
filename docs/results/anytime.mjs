/**
 * The anytime-valid decoy test on evidence alone: its p, after how many images it would have been sure of a suspect (p ≤ 10⁻⁴),
 * and how often it is below a level where other versions are taken for the published ones, drawn by a key that is always the
 * same. Takes `evidence.json` files, as they are or compressed with gzip.
 *
 *     npm run build && node docs/results/anytime.mjs docs/results/cifar10-study/*.json.gz
 */
import { basename } from 'node:path';

import { MarkingKey, SecretStream } from '../../packages/carriers/dist/index.js';
import { anytimeDecoyTest } from '../../packages/detector/dist/judge.js';
import { formatP } from '../../packages/stats/dist/index.js';
import { readEvidence } from './evidence-file.mjs';

const redraws = 250;
const levels = [0.05, 0.01, 0.001];
const key = new MarkingKey(Buffer.alloc(32, 1));
const below = levels.map(() => 0);

/** The evidence of the first images, as if no more had been asked. */
const first = (images, marked) => ({
  marked: Object.fromEntries(Object.entries(marked).map(([field, values]) => [field, values.slice(0, images)])),
});

function imagesUntilSure({ marked }) {
  for (let images = 1; images <= marked.label.length; images++) {
    if (anytimeDecoyTest(first(images, marked)).log10P <= -4) return images;
  }
  return 'never';
}

console.log('| evidence | p | images until p ≤ 10^-4 |');
console.log('| --- | --- | --- |');
const files = process.argv.slice(2);
for (const file of files) {
  const { marked } = readEvidence(file);
  const { log10P } = anytimeDecoyTest({ marked });
  console.log(`| ${basename(file)} | ${formatP(log10P)} | ${imagesUntilSure({ marked })} of ${marked.label.length} |`);

  const stream = new SecretStream(key, `redraw/${basename(file)}`);
  for (let redraw = 0; redraw < redraws; redraw++) {
    const drawn = new Map([...new Set(marked.group)].map((group) => [group, stream.uniformInt(marked.suspectLoss[0].length)]));
    const published = marked.group.map((group) => drawn.get(group));
    const p = anytimeDecoyTest({ marked: { ...marked, published } }).log10P;
    levels.forEach((level, i) => (below[i] += p <= Math.log10(level) ? 1 : 0));
  }
}
const shares = levels.map((level, i) => `${below[i]} ≤ ${level}`).join(', ');
console.log(`\nof ${files.length * redraws} redraws ${shares}`);
