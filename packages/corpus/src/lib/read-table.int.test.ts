import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileWriter, parquetWrite } from 'hyparquet-writer';

import { readTable, type TableRow } from './read-table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radiotracer-table-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function rowsOf(content: string | Buffer): Promise<TableRow[]> {
  const path = join(folder, 'table');
  await writeFile(path, content);
  return all(path);
}

async function all(path: string): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const row of readTable(path)) rows.push(row);
  return rows;
}

describe('a CSV file', () => {
  it('is read by column, with the line of each row', async () => {
    expect(await rowsOf('id,loss\na,1.5\nb,2\n')).toEqual([
      { place: 'line 2', values: { id: 'a', loss: '1.5' } },
      { place: 'line 3', values: { id: 'b', loss: '2' } },
    ]);
  });

  it('may have a byte order mark, quotes, spaces, lines of Windows, and no line break at its end', async () => {
    const rows = await rowsOf('\ufeffid, logits\r\n"a", "[1, 2]"\r\n"b ""c""",x');
    expect(rows.map(({ values }) => values)).toEqual([
      { id: 'a', logits: '[1, 2]' },
      { id: 'b "c"', logits: 'x' },
    ]);
  });

  it('without rows has none', async () => {
    expect(await rowsOf('id,loss\n')).toEqual([]);
    expect(await rowsOf('')).toEqual([]);
  });

  it.each([
    ['a row with a value too many', 'id,loss\na,1\nb,2,3\n', /^table .*: cannot be read as CSV: .*line 3/],
    ['a quote that never ends', 'id,loss\n"a,1\n', /^table .*: cannot be read as CSV: Quote Not Closed/],
    ['two columns of one name', 'id,loss,loss\na,1,2\n', /^table .*, line 1: has two columns "loss"/],
  ])('with %s is refused in one line', async (_, text, message) => {
    await expect(rowsOf(text)).rejects.toMatchObject({ name: 'TableError', retryable: false });
    await expect(rowsOf(text)).rejects.toThrow(message);
  });
});

describe('a file of JSON Lines', () => {
  it('is read by column, with the line of each row; empty lines say nothing', async () => {
    expect(await rowsOf('{"id":"a","logits":[1,-2.5]}\r\n\n{"id":"b","label":"cat"}')).toEqual([
      { place: 'line 1', values: { id: 'a', logits: [1, -2.5] } },
      { place: 'line 3', values: { id: 'b', label: 'cat' } },
    ]);
  });

  it.each([
    [
      'a line that was cut off',
      '{"id":"a","loss":1}\n{"id":"b","lo',
      /^table .*, line 2: cannot be read as JSON Lines: /,
    ],
    [
      'a line that is no object',
      '{"id":"a"}\n[1]\n',
      /line 2: cannot be read as JSON Lines: expected an object with the/,
    ],
  ])('with %s is refused in one line', async (_, text, message) => {
    await expect(rowsOf(text)).rejects.toMatchObject({ name: 'TableError', retryable: false });
    await expect(rowsOf(text)).rejects.toThrow(message);
  });

  it('says what the system says if it cannot be read', async () => {
    await expect(all(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

describe('a Parquet file', () => {
  const path = (): string => join(folder, 'table.parquet');
  beforeAll(async () => {
    await parquetWrite({
      writer: fileWriter(path()),
      rowGroupSize: 2,
      columnData: [
        { name: 'id', data: ['a', 'b', 'c'], type: 'STRING' },
        { name: 'label', data: [1n, 2n, 3n], type: 'INT64' },
        { name: 'loss', data: [0.5, 1, 2], type: 'DOUBLE' },
      ],
    });
  });

  it('is read by column, with the number of each row over all row groups', async () => {
    expect(await all(path())).toEqual([
      { place: 'row 1', values: { id: 'a', label: 1n, loss: 0.5 } },
      { place: 'row 2', values: { id: 'b', label: 2n, loss: 1 } },
      { place: 'row 3', values: { id: 'c', label: 3n, loss: 2 } },
    ]);
  });

  it('that is cut off is refused in one line', async () => {
    const bytes = await readFile(path());
    await expect(rowsOf(bytes.subarray(0, bytes.length - 20))).rejects.toMatchObject({
      name: 'TableError',
      message: expect.stringMatching(/^table .*: cannot be read as Parquet \(/),
    });
  });
});

it('says what the system says of a file that is not there', async () => {
  await expect(all(join(folder, 'nowhere.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
});
