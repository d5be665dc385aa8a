/**
 * The report of an experiment: one self-contained page for people, one JSON file for programs; and that of a study of
 * many experiments: a page, and a table as Parquet and CSV. `svgPlot` and `palette` draw plots that look like theirs.
 */
export { palette } from './lib/report-style.ts';
export { dotRim, svgPlot } from './lib/svg.ts';
export type { Summary } from './lib/summary.ts';
export type * from './lib/types.ts';
export { writeReport } from './lib/write-report.ts';
export { writeStudy } from './lib/study/write-study.ts';
