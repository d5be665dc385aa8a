/**
 * The report of an experiment: one self-contained page for people, one JSON file for programs; and that of a study of
 * many experiments: a page, and a table as Parquet and CSV.
 */
export type { Summary } from './lib/summary.ts';
export type * from './lib/types.ts';
export { writeReport } from './lib/write-report.ts';
export { writeStudy } from './lib/study/write-study.ts';
