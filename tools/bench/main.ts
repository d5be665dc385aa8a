/**
 * `npm run bench [-- <row>…] [--runs <pairs>]`: measures rows of the table, all by default, and writes each into
 * `docs/results/speed.json` and `docs/performance.md` as it is done.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { docs, preparedFolder } from './folders.ts';
import { describeMachine } from './machine.ts';
import { measureRow } from './measure.ts';
import { record } from './results.ts';
import { rows } from './rows/rows.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '5' } },
});
const runs = Number(values.runs);
const unknown = positionals.filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
  const names = rows.map(({ name }) => name).join(', ');
  console.error(`bench: usage: npm run bench [-- <row>…] [--runs <whole number ≥ 1>]; the rows are ${names}`);
  process.exit(2);
}
const prefix = (process.env['RADIOTRACER_BENCH_PREFIX'] ?? '').split(' ').filter((word) => word !== '');
await mkdir(preparedFolder, { recursive: true });
const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

for (const row of rows) {
  if (positionals.length > 0 && !positionals.includes(row.name)) continue;
  const missing = row.needs?.find((path) => !existsSync(path));
  if (missing !== undefined) {
    console.log(`${row.name}: left out, there is no ${missing}; RADIOTRACER_DATA names the folder of the corpora`);
    continue;
  }
  const measurement = await measureRow(row, { runs, prefix, log: (line) => console.log(line) });
  const usesPython = row.against.some(({ file }) => file.endsWith('.py'));
  const changed = git('status', '--porcelain', '--', 'packages', 'apps', 'tools') !== '';
  await record(docs, rows, row, measurement, {
    date: new Date().toISOString(),
    commit: git('rev-parse', '--short', 'HEAD') + (changed ? '+' : ''),
    machine: await describeMachine(usesPython),
  });
}
