/**
 * The report of an experiment: one self-contained page for people, one JSON file for programs.
 */
export type { Summary } from './lib/summary.ts';
export type * from './lib/types.ts';
export { writeReport, type ReportFacts } from './lib/write-report.ts';
