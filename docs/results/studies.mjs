/**
 * Prints the tables of studies as one in Markdown: a row for each experiment, its suspect beside its control.
 *
 *     node docs/results/studies.mjs docs/results/robustness/*.csv
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';

import { formatP } from '../../packages/stats/dist/index.js';

const row = (cells) => `| ${cells.join(' | ')} |`;
const titles = ['study', 'cell', 'suspect p', 'control p', 'suspect accuracy', 'control accuracy', 'median PSNR'];
console.log(row(titles));
console.log(row(titles.map(() => '---')));
for (const file of process.argv.slice(2)) {
  const models = parse(await readFile(file), { columns: true });
  const varied = Object.keys(models[0]).slice(0, Object.keys(models[0]).indexOf('run'));
  for (const suspect of models.filter(({ role }) => role === 'suspect')) {
    const control = models.find((other) => other.role === 'control' && other.report === suspect.report);
    const both = [suspect, control];
    const ps = both.map(({ log10P }) => formatP(Number(log10P)));
    const accuracies = both.map(({ testAccuracy }) => `${(100 * testAccuracy).toFixed(1)}%`);
    const cell = varied.map((name) => suspect[name]).join(', ');
    console.log(row([basename(file, '.csv'), cell, ...ps, ...accuracies, `${(+suspect.medianPsnrDb).toFixed(1)} dB`]));
  }
}
