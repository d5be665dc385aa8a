import type { StudiedExperiment } from '../types.ts';
import { stagesOf, type StudyData, type StudyModel } from './study-data.ts';

/** What one cell of the table holds; null: does not apply. */
export type Value = string | number | boolean | null;

/** A column of the table, of one kind of values. */
export interface Column {
  readonly name: string;
  readonly type: 'STRING' | 'DOUBLE' | 'INT32' | 'BOOLEAN';
  readonly values: readonly Value[];
}

/** A row: a judged model, or an experiment that failed and so has none. */
type Row = StudyModel | { readonly experiment: StudiedExperiment };

/**
 * The table of a study: a row for each experiment and model, one for each experiment that failed. Columns: what varies
 * (a setting's path as its name), then what came out, then what it rests on. p-values are log10, times seconds.
 */
export function studyTable({ input, models }: StudyData): Column[] {
  const rows = input.experiments.flatMap((experiment): Row[] => {
    const judged = models.filter((model) => model.experiment === experiment);
    return judged.length > 0 ? judged : [{ experiment }];
  });
  const column = (name: string, type: Column['type'], value: (row: Row) => unknown): Column => ({
    name,
    type,
    values: rows.map((row) => (value(row) ?? null) as Value),
  });
  const ofModel = (name: string, type: Column['type'], value: (model: StudyModel) => unknown): Column =>
    column(name, type, (row) => ('model' in row ? value(row) : null));

  const paths = Object.keys(input.experiments[0]?.varied ?? {});
  const tests = new Set(models.flatMap(({ model }) => model.others.map(({ test }) => test)));
  return [
    ...paths.map((path) => varied(path, rows)),
    column('run', 'INT32', ({ experiment }) => experiment.run),
    ofModel('model', 'STRING', ({ model }) => model.name),
    ofModel('role', 'STRING', ({ role }) => role),
    column('failure', 'STRING', ({ experiment }) => experiment.failure),
    ofModel('detected', 'BOOLEAN', ({ model }) => model.detected),
    ofModel('log10P', 'DOUBLE', ({ model }) => model.decisive.log10P),
    ofModel('test', 'STRING', ({ model }) => model.decisive.test),
    ofModel('log10Level', 'DOUBLE', ({ model }) => model.log10Level),
    ...[...tests].map((test) =>
      ofModel(`log10P ${test}`, 'DOUBLE', ({ model }) => model.others.find((other) => other.test === test)?.log10P),
    ),
    ofModel('testAccuracy', 'DOUBLE', ({ model }) => model.testAccuracy),
    ofModel('testLoss', 'DOUBLE', ({ model }) => model.testLoss),
    ...(models.some(({ model }) => model.privacy)
      ? [ofModel('epsilon', 'DOUBLE', ({ model }) => model.privacy?.epsilon)]
      : []),
    ofModel('markingNetworkAccuracy', 'DOUBLE', ({ summary }) => summary.markingNetwork.testAccuracy),
    ofModel('medianPsnrDb', 'DOUBLE', ({ summary }) => summary.marking.medianPsnrDb),
    ofModel('imagesMarked', 'INT32', ({ summary }) => summary.marking.marked),
    ofModel('images', 'INT32', ({ summary }) => summary.publication.images),
    ofModel('draws', 'INT32', ({ model }) => model.decisive.sampleSize['draws']),
    ofModel('versions', 'INT32', ({ summary }) => summary.marking.versions),
    ofModel('markingNetworkSeed', 'DOUBLE', ({ summary }) => seedOf(summary, 'trainNetwork', 'marking network')),
    ofModel('markingSeed', 'DOUBLE', ({ summary }) => seedOf(summary, 'markImages')),
    ofModel('trainingSeed', 'DOUBLE', ({ seed }) => seed),
    ofModel('markingSeconds', 'DOUBLE', ({ summary }) => secondsOf(summary, 'markImages')),
    ofModel('trainingSeconds', 'DOUBLE', ({ summary, model }) => secondsOf(summary, 'trainNetwork', model.name)),
    ofModel('commitment', 'STRING', ({ summary }) => summary.publication.commitment),
    ofModel('publishedDigest', 'STRING', ({ summary }) => summary.publication.publishedDigest),
    ofModel('weightsSha256', 'STRING', ({ model }) => model.weightsSha256),
    column('report', 'STRING', ({ experiment }) => experiment.report?.key),
  ];
}

/** A column of a setting: of numbers or of booleans where all values are, else of text. */
function varied(path: string, rows: readonly Row[]): Column {
  const values = rows.map(({ experiment }) => experiment.varied[path] as Value);
  if (values.every((value) => typeof value === 'number')) return { name: path, type: 'DOUBLE', values };
  if (values.every((value) => typeof value === 'boolean')) return { name: path, type: 'BOOLEAN', values };
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return { name: path, type: 'STRING', values: values.map(text) };
}

function seedOf(summary: StudyModel['summary'], stage: string, owner?: string): unknown {
  return stagesOf(summary, stage, owner)[0]?.seeds[0]?.seed;
}

/** Of all parts of a stage together. */
function secondsOf(summary: StudyModel['summary'], stage: string, owner?: string): number {
  return stagesOf(summary, stage, owner).reduce((sum, { run }) => sum + run.seconds, 0);
}
