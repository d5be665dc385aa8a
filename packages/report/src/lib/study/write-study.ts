import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvFormatRows } from 'd3-dsv';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Stage } from '@radiotracer/store';
import type { StudyFacts, WriteStudyInput } from '../types.ts';
import { cellFacts } from './cell-facts.ts';
import { readStudyData } from './study-data.ts';
import { studyPage } from './study-page.ts';
import { studyTable, type Column } from './study-table.ts';

/**
 * Puts the experiments of a study together: `study.parquet` and `study.csv`, the same table, and `study.html`, one page
 * that needs nothing else. Reads the reports of the experiments and nothing beside; no key is opened.
 */
export const writeStudy: Stage<WriteStudyInput, StudyFacts> = {
  name: 'writeStudy',
  version: 2,
  async run(input, { open, outputDir }) {
    const data = await readStudyData(input, open);
    const cells = cellFacts(data);
    const columns = studyTable(data);
    await writeFile(join(outputDir, 'study.csv'), csvOf(columns));
    const parquet = parquetWriteBuffer({
      columnData: columns.map(({ name, type, values }) => ({ name, type, data: [...values], nullable: true })),
      createdBy: 'radiotracer',
    });
    await writeFile(join(outputDir, 'study.parquet'), new Uint8Array(parquet));
    await writeFile(join(outputDir, 'study.html'), studyPage(data, cells).markup);
    return { cells };
  },
};

/** RFC 4180 but for its line ends; what does not apply is empty. */
function csvOf(columns: readonly Column[]): string {
  const rows = (columns[0]?.values ?? []).map((_, row) => columns.map(({ values }) => values[row]));
  const text = [columns.map(({ name }) => name), ...rows].map((row) => row.map((value) => String(value ?? '')));
  return `${csvFormatRows(text)}\n`;
}
