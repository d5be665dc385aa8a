import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { measureRow, runProgram } from './measure.ts';
import { record } from './results.ts';
import type { Row } from './row.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a row is run in turn, and written into the results and the page', async () => {
  const infer = (name: string) => ({ name, file: 'infer.ts', args: [8, 500] });
  const row: Row = {
    name: 'tiny',
    work: 'tiny images against themselves',
    unit: 'images/s',
    ours: infer('ours'),
    against: [infer('the same')],
    figure: (ours, against) => ours.rate / (against?.rate ?? NaN),
    format: 'times',
    limit: { kind: 'at least', value: 1, aim: 2 },
  };
  const lines: string[] = [];
  const measurement = await measureRow(row, { runs: 1, log: (line) => lines.push(line) });
  expect(measurement.opponent).toBe('the same');
  expect(measurement.pairs).toHaveLength(1);
  expect(lines.map((line) => /^tiny: (.*) \{/.exec(line)?.[1])).toEqual(['ours', 'the same', 'ours', 'the same']);

  const files = { results: join(folder, 'speed.json'), page: join(folder, 'performance.md') };
  await writeFile(files.page, '# Speed\n<!-- bench -->\n<!-- /bench -->\n');
  const machine = { cpu: 'A', cores: 2, memoryGb: 24, system: 'Linux', node: 'v20', tensorflow: '2.21.0', python: '' };
  const where = { date: '2026-11-24T10:00:00Z', commit: 'abc', machine };
  await record(files, [row], row, measurement, where);
  expect(JSON.parse(await readFile(files.results, 'utf8'))).toMatchObject({ tiny: { ...where, opponent: 'the same' } });
  const page = await readFile(files.page, 'utf8');
  expect(page).toContain('| tiny images against themselves |');
  expect(page).toContain('- A, 2 cores, 24 GiB, Linux, Node v20, TensorFlow 2.21.0');
});

test('a program that fails says which, and why', async () => {
  const missing = { name: 'ingest', file: 'ingest.ts', args: [join(folder, 'nothing'), 'train'] };
  await expect(runProgram(missing)).rejects.toThrow(/bench: ingest\.ts .*nothing train failed:[^]*nothing/);
});
