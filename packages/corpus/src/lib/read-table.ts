import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';

import { CsvError, parse } from 'csv-parse';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

import { TableError } from './errors.ts';
import { fileBuffer } from './file-buffer.ts';
import { isOfSystem } from './is-of-system.ts';

/** One row of a table that somebody else made. */
export interface TableRow {
  /** For messages: "line 12" of a file of text, "row 11" of a Parquet file; both count from 1. */
  readonly place: string;
  /** By column: text in a CSV file; else numbers, bigints, text, lists, as they were written. */
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Rows of a table: a Parquet file; JSON Lines, an object by column in each (UTF-8); or else CSV (RFC 4180, UTF-8, the names
 * of the columns in its first line). Only a row group, or a line, is held in memory.
 *
 * @throws TableError if it cannot be read as what it begins like; what the system says if it does not read the file
 */
export async function* readTable(path: string): AsyncGenerator<TableRow> {
  const start = await startOf(path);
  if (start === 'PAR1') yield* parquetRows(path);
  else yield* start.startsWith('{') ? jsonRows(path) : csvRows(path);
}

async function startOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* jsonRows(path: string): AsyncGenerator<TableRow> {
  const source = createReadStream(path);
  let line = 0;
  try {
    for await (const text of createInterface({ input: source, crlfDelay: Infinity })) {
      const place = `line ${++line}`;
      if (text.trim() !== '') yield { place, values: parsedObject(path, place, text) };
    }
  } finally {
    source.destroy();
  }
}

function parsedObject(path: string, place: string, text: string): TableRow['values'] {
  const refuse = (why: string, cause?: unknown): never => {
    throw new TableError(path, place, `cannot be read as JSON Lines: ${why}`, { cause });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return refuse((cause as Error).message, cause);
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as TableRow['values']) : refuse('expected an object with the columns of a row');
}

async function* csvRows(path: string): AsyncGenerator<TableRow> {
  const parser = parse({ columns: (names: string[]) => uniqueNames(path, names), bom: true, info: true, trim: true });
  const source = createReadStream(path).on('error', (error) => parser.destroy(error));
  try {
    for await (const { info, record } of source.pipe(parser)) {
      yield { place: `line ${info.lines}`, values: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new TableError(path, '', `cannot be read as CSV: ${error.message}`, { cause: error });
  } finally {
    source.destroy();
  }
}

function uniqueNames(path: string, names: readonly string[]): string[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new TableError(path, 'line 1', `has two columns "${twice}"; a column has its own name`);
  return [...names];
}

async function* parquetRows(path: string): AsyncGenerator<TableRow> {
  let row = 0;
  try {
    const file = await fileBuffer(path);
    const metadata = await parquetMetadataAsync(file);
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = row + Number(num_rows);
      for (const values of await parquetReadObjects({ file, metadata, compressors, rowStart: row, rowEnd })) {
        yield { place: `row ${++row}`, values };
      }
    }
  } catch (cause) {
    if (isOfSystem(cause) || !(cause instanceof Error)) throw cause;
    throw new TableError(path, `after row ${row}`, `cannot be read as Parquet (${cause.message})`, { cause });
  }
}
