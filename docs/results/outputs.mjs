/**
 * What a suspect's rounding of its probabilities, or noise on them, leaves of the evidence: the decisive p once more, from
 * evidence alone. A version's loss −log p becomes that of the rounded or noisy p of its true class; noise is drawn once for
 * each version, by a key that is always the same. Takes `evidence.json` files, as they are or compressed with gzip.
 *
 *     npm run build && node docs/results/outputs.mjs docs/results/cifar10-study/run-*.json.gz
 */
import { basename } from 'node:path';

import { MarkingKey, SecretStream } from '../../packages/carriers/dist/index.js';
import { judgeEvidence } from '../../packages/detector/dist/judge.js';
import { formatP } from '../../packages/stats/dist/index.js';
import { readEvidence } from './evidence-file.mjs';

const key = new MarkingKey(Buffer.alloc(32, 1));
const rounded = (digits) => () => (p) => Math.round(p * 10 ** digits) / 10 ** digits;
/** Gaussian, of the standard deviation σ, and cut off at 0 and 1. */
const noisy = (sigma) => (file) => {
  const stream = new SecretStream(key, `noise/${sigma}/${file}`);
  return (p) => Math.min(1, Math.max(0, p + sigma * stream.normal()));
};
const outputs = {
  'as they are': () => (p) => p,
  '4 digits': rounded(4),
  '3 digits': rounded(3),
  '2 digits': rounded(2),
  '1 digit': rounded(1),
  'right (p > ½) or not': () => (p) => (p > 0.5 ? 1 : 0.5),
  'noise 0.01': noisy(0.01),
  'noise 0.03': noisy(0.03),
  'noise 0.1': noisy(0.1),
  'noise 0.3': noisy(0.3),
};

console.log(`| evidence | ${Object.keys(outputs).join(' | ')} |`);
console.log(`| --- ${'| --- '.repeat(Object.keys(outputs).length)}|`);
for (const file of process.argv.slice(2)) {
  const evidence = readEvidence(file);
  const row = Object.values(outputs).map((output) => {
    const told = output(basename(file));
    const suspectLoss = finite(evidence.marked.suspectLoss.map((losses) => losses.map((loss) => -Math.log(told(Math.exp(-loss))))));
    const { decisive } = judgeEvidence({ ...evidence, marked: { ...evidence.marked, suspectLoss } }, { name: 'model', log10Level: -4, test: 'exact' });
    return formatP(decisive.log10P);
  });
  console.log(`| ${basename(file)} | ${row.join(' | ')} |`);
}

/** As of answers (`radiotracer detect --answers`): a probability that became 0 counts as half the smallest that did not. */
function finite(losses) {
  const largest = Math.max(...losses.flat().filter(Number.isFinite));
  return losses.map((row) => row.map((loss) => (loss === Infinity ? largest + Math.LN2 : loss)));
}
