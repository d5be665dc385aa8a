/**
 * Prints the runs whose `summary.json` files are given as a Markdown table, and how many of them came out as they
 * should: the suspect detected, the control not.
 *
 *     node docs/results/table.mjs docs/results/demo/*.json
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

const files = process.argv.slice(2);
const runs = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, 'utf8'))));

const percent = (share) => `${(100 * share).toFixed(1)}%`;
const minutes = ({ stages }) => (stages.reduce((sum, { run }) => sum + run.seconds, 0) / 60).toFixed(1);
const column = (model, read) => (run) => read(run.models.find(({ name }) => name === model));
const raw = ({ others }) => others[0].log10P.toFixed(2);

const columns = [
  ['run', (_, i) => basename(files[i], '.json')],
  ['suspect log10 p', column('suspect', ({ decisive }) => `**${decisive.log10P.toFixed(2)}**`)],
  ['on raw losses', column('suspect', raw)],
  ['control log10 p', column('control', ({ decisive }) => `**${decisive.log10P.toFixed(2)}**`)],
  ['on raw losses', column('control', raw)],
  ['suspect accuracy', column('suspect', ({ testAccuracy }) => percent(testAccuracy))],
  ['control accuracy', column('control', ({ testAccuracy }) => percent(testAccuracy))],
  ['median PSNR', ({ marking }) => `${marking.medianPsnrDb.toFixed(1)} dB`],
  ['minutes of all stages', minutes],
];
const row = (cells) => `| ${cells.join(' | ')} |`;
console.log(row(columns.map(([title]) => title)));
console.log(row(columns.map(() => '---')));
runs.forEach((run, i) => console.log(row(columns.map(([, read]) => read(run, i)))));

const detected = (model) => runs.filter((run) => column(model, (found) => found.detected)(run)).length;
console.log(`\n${runs.length} runs: suspect detected in ${detected('suspect')}, control in ${detected('control')}.`);
