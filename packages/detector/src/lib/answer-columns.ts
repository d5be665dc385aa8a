import type { TableRow } from '@radiotracer/corpus';
import type { Answer } from './answer.ts';
import { parsedJson } from './parsed-json.ts';

type Values = TableRow['values'];

/** Reads the answer in a row of a table. @throws Error saying what is wrong with a cell */
export type ReadAnswer = (values: Values) => Answer;

/** For messages. */
const validColumns =
  'loss; logit_0, logit_1, … or a list logits; probability_0, … or a list probabilities; top_1, top_2, … or a list top, ' +
  'with or without top_probability_1, … or a list top_probabilities; or label';

/**
 * How to read the answers of a table, by the names of its columns. Where there are several kinds of answers, the one that
 * tells most is taken, in the order of `validColumns`: so nobody can pick the one that suits.
 *
 * @throws Error if there is no answer among the columns
 */
export function answerReader(columns: readonly string[], classNames: readonly string[]): ReadAnswer {
  const list = (name: string, numbered: string, first: number): ((values: Values) => unknown[]) | undefined => {
    if (columns.includes(name)) return (values) => listOf(name, values[name]);
    const names = numberedColumns(columns, numbered, first);
    return names.length === 0 ? undefined : (values) => names.map((each) => values[each]);
  };
  const numbers = (name: string, numbered: string, first: number): ((values: Values) => number[]) | undefined => {
    const read = list(name, numbered, first);
    return read && ((values) => read(values).map((value) => number(name, value)));
  };
  if (columns.includes('loss')) return ({ loss }) => ({ kind: 'losses', loss: number('loss', loss) });
  const logits = numbers('logits', 'logit_', 0);
  if (logits) return (values) => ({ kind: 'logits', logits: logits(values) });
  const probabilities = numbers('probabilities', 'probability_', 0);
  if (probabilities) return (values) => ({ kind: 'probabilities', probabilities: probabilities(values) });
  const top = list('top', 'top_', 1) ?? (columns.includes('label') ? ({ label }: Values) => [label] : undefined);
  if (!top) throw new Error(`found the columns ${columns.join(', ')}, expected id and one of: ${validColumns}`);
  const classes = (values: Values): number[] => top(values).map((value) => classOf(value, classNames));
  const ofTop = numbers('top_probabilities', 'top_probability_', 1);
  return ofTop
    ? (values) => ({ kind: 'top probabilities', classes: classes(values), probabilities: ofTop(values) })
    : (values) => ({ kind: 'labels', classes: classes(values) });
}

/** An answer as a row of a table, which `answerReader` reads again; classes by their names. */
export function answerRow(answer: Answer, classNames: readonly string[]): Values {
  const names = (classes: readonly number[]): unknown[] => classes.map((label) => classNames[label]);
  switch (answer.kind) {
    case 'losses':
      return { loss: answer.loss };
    case 'logits':
      return { logits: answer.logits };
    case 'probabilities':
      return { probabilities: answer.probabilities };
    case 'top probabilities':
      return { top: names(answer.classes), top_probabilities: answer.probabilities };
    case 'labels':
      return { top: names(answer.classes) };
  }
}

/** `<prefix><first>`, `<prefix><first + 1>`, … as far as they are there. */
function numberedColumns(columns: readonly string[], prefix: string, first: number): string[] {
  const names: string[] = [];
  while (columns.includes(`${prefix}${first + names.length}`)) names.push(`${prefix}${first + names.length}`);
  return names;
}

/** A list of a Parquet file, or the JSON of one in a CSV file. */
function listOf(column: string, value: unknown): unknown[] {
  const list = typeof value === 'string' ? parsedJson(value) : value;
  if (Array.isArray(list)) return list;
  if (ArrayBuffer.isView(list)) return Array.from(list as unknown as ArrayLike<number>);
  throw new Error(`${column}: found ${shown(value)}, expected a list such as [0.1, 0.9]`);
}

function number(column: string, value: unknown): number {
  const parsed = asNumber(value);
  if (Number.isFinite(parsed)) return parsed;
  throw new Error(`${column}: found ${shown(value)}, expected a finite number`);
}

/** A number, or what its text says; NaN of anything else. */
function asNumber(value: unknown): number {
  const isText = typeof value === 'string' && value.trim() !== '';
  return isText || typeof value === 'number' || typeof value === 'bigint' ? Number(value) : NaN;
}

/** A class by its name, or else by its number. */
function classOf(value: unknown, classNames: readonly string[]): number {
  const named = classNames.indexOf(String(value));
  if (named >= 0) return named;
  const index = asNumber(value);
  if (Number.isInteger(index) && index >= 0 && index < classNames.length) return index;
  throw new Error(
    `class: found ${shown(value)}, expected the name of one of the ${classNames.length} classes of the corpus, ` +
      `or its number in 0..${classNames.length - 1}`,
  );
}

/** So much of what was found as fits a line. */
function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  const text = typeof value === 'string' ? `"${value}"` : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
