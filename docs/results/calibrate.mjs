/**
 * Judges evidence again, without networks or key, and then as if other versions had been published and other carriers
 * drawn: those p-values must be uniform, on the evidence of any model. Takes `evidence.json` files, as they are or
 * compressed with gzip; `--json` prints all that was found, quantiles too.
 *
 *     npm run build && node docs/results/calibrate.mjs docs/results/calibration/image/*.json.gz
 */
import { basename } from 'node:path';

import { calibrateTests } from '../../packages/detector/dist/judge.js';
import { formatP } from '../../packages/stats/dist/index.js';
import { readEvidence } from './evidence-file.mjs';

const files = process.argv.slice(2).filter((argument) => argument !== '--json');
const models = files.map((file) => ({
  name: basename(file).replace(/\.json(\.gz)?$/, ''),
  evidence: readEvidence(file),
}));
const calibration = calibrateTests(models);

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(calibration, null, 2));
} else {
  const percent = (share) => `${(100 * share).toFixed(2)}%`;
  const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
  const levels = calibration.tests[0].falsePositives.map(({ level }) => `≤ ${level}`);
  row(['test', 'p-values', 'uniform? KS p', ...levels, 'p as drawn']);
  row(['---', '---', '---', ...levels.map(() => '---'), '---']);
  for (const { test, draws, isUniform, uniformity, falsePositives, models } of calibration.tests) {
    const shares = falsePositives.map(
      ({ count, low, high }) => `${count} = ${percent(count / draws)} (${percent(low)} – ${percent(high)})`,
    );
    const drawn = models.map(({ asDrawnLog10P }) => asDrawnLog10P).sort((a, b) => a - b);
    const range = drawn.length === 1 ? formatP(drawn[0]) : `${formatP(drawn[0])} – ${formatP(drawn.at(-1))}`;
    row([test, draws, `${isUniform ? 'yes' : 'no'}, ${formatP(uniformity.log10P)}`, ...shares, range]);
  }
}
