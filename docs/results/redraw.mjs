/**
 * Judges evidence again, without networks or key, and then as if other versions had been published: under the null
 * hypothesis the draw says nothing, so those p-values must be uniform, on the evidence of any model.
 *
 *     npm run build && node docs/results/redraw.mjs docs/results/cifar10/evidence-control.json.gz
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { decoyScores, parseEvidence } from '../../packages/detector/dist/judge.js';
import { decoyTest, formatP, uniformKolmogorovSmirnov } from '../../packages/stats/dist/index.js';

const REDRAWS = 400;

const evidence = parseEvidence(JSON.parse(gunzipSync(readFileSync(process.argv[2]))));
const draws = decoyScores(evidence);
const { log10P, z } = decoyTest(draws);
console.log(`as drawn: p = ${formatP(log10P)}, z ${z.toFixed(2)}`);

const marking = { marked: { ...evidence.marked, suspectLoss: evidence.marked.referenceLoss } };
console.log(`the marking network in the suspect's place, raw losses: p = ${formatP(decoyTest(decoyScores(marking, 0)).log10P)}`);

/** A version from 0 to V − 1, by hash: the same in every run of this script. */
const version = (redraw, draw, count) =>
  Number(createHash('sha256').update(`${redraw}/${draw}`).digest().readBigUInt64LE() % BigInt(count));
const p = Array.from({ length: REDRAWS }, (_, k) => {
  const published = draws.scores.map((row, i) => version(k, i, row.length));
  return 10 ** decoyTest({ scores: draws.scores, published }).log10P;
});
const share = (level) => `${((100 * p.filter((value) => value <= level).length) / REDRAWS).toFixed(1)}% ≤ ${level}`;
const uniformity = formatP(uniformKolmogorovSmirnov(p).log10P);
console.log(`redrawn ${REDRAWS} times: ${share(0.05)}, ${share(0.01)}; uniform by Kolmogorov-Smirnov: p = ${uniformity}`);
