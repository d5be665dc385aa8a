import { readFile, writeFile } from 'node:fs/promises';
import { betweenMarkers } from './between-markers.ts';
import type { Machine } from './machine.ts';
import type { RowMeasurement } from './measure.ts';
import type { Row } from './row.ts';
import { type RowStatistics, statisticsOf } from './statistics.ts';
import { tableOf } from './table.ts';

/** `speed.json`: the last measurement of each row, with all its runs. */
export interface Results {
  readonly [row: string]: RowResult;
}

export interface RowResult extends RowMeasurement {
  readonly date: string;
  /** Of the repository; with a `+` where files differed from it. */
  readonly commit: string;
  readonly machine: Machine;
  readonly statistics: RowStatistics;
}

/** Adds a row's measurement to the results, or puts it in the place of the last, and writes the table of all. */
export async function record(
  files: { readonly results: string; readonly page: string },
  rows: readonly Row[],
  row: Row,
  measurement: RowMeasurement,
  where: Pick<RowResult, 'date' | 'commit' | 'machine'>,
): Promise<void> {
  const before = await readResults(files.results);
  const result: RowResult = { ...where, ...measurement, statistics: statisticsOf(row, measurement.pairs) };
  const results: Results = { ...before, [row.name]: result };
  await writeFile(files.results, `${JSON.stringify(results, null, 2)}\n`);
  const page = await readFile(files.page, 'utf8');
  await writeFile(files.page, betweenMarkers(page, 'bench', pageText(rows, results)));
}

async function readResults(file: string): Promise<Results> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

function pageText(rows: readonly Row[], results: Results): string {
  const measured = rows.flatMap((row) => {
    const result = results[row.name];
    return result ? [{ row, ...result }] : [];
  });
  const machines = [...new Set(measured.map(({ machine }) => describe(machine)))];
  const dates = measured.map(({ date }) => date.slice(0, 10)).sort();
  const commits = [...new Set(measured.map(({ commit }) => commit))];
  const least = Math.min(...measured.map(({ pairs }) => pairs.length));
  return [
    tableOf(measured),
    '',
    `At least ${least} runs of each. Measured ${[...new Set([dates[0], dates.at(-1)])].join(' to ')} at ${commits.join(', ')} on:`,
    '',
    ...machines.map((machine) => `- ${machine}`),
  ].join('\n');
}

function describe({ cpu, cores, memoryGb, system, node, tensorflow, python }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGb} GiB, ${system}, Node ${node}, TensorFlow ${tensorflow}${python && `, ${python}`}`;
}
