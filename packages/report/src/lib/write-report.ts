import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from '@radiotracer/store';
import { readReportData } from './report-data.ts';
import { reportPage } from './report-page.ts';
import { summarize } from './summary.ts';
import type { ReportFacts, WriteReportInput } from './types.ts';

/**
 * Writes `report.html`, one page that needs nothing else, and `summary.json`. Both tell when and how fast the stages
 * ran, so another run of the same experiment makes another report; the key is never read.
 */
export const writeReport: Stage<WriteReportInput, ReportFacts> = {
  name: 'writeReport',
  version: 4,
  async run(input, context) {
    const data = await readReportData(input, (artifact) => context.open(artifact));
    const facts = { report: 'report.html', summary: 'summary.json' };
    await writeFile(join(context.outputDir, facts.report), reportPage(data).markup);
    await writeFile(join(context.outputDir, facts.summary), `${JSON.stringify(summarize(data), null, 2)}\n`);
    return facts;
  },
};
