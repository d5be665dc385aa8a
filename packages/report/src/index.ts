export type * from './lib/types.ts';
export { writeReport, type ReportFacts } from './lib/write-report.ts';
