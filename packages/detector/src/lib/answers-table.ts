import { readTable, TableError } from '@radiotracer/corpus';

import { type Answer, type AnswerKind, answerProblem } from './answer.ts';
import { answerReader, type ReadAnswer } from './answer-columns.ts';
import { answerLoss } from './answer-loss.ts';
import type { Query } from './queries.ts';

/**
 * How wrong the answers in a table are, in the order of the queries: see `answerLoss`.
 *
 * @param ways - in which a suspect may have been asked; the first id tells in which it was
 * @param path - CSV, JSON Lines or Parquet, a row for each query: its id, and the columns that `answerReader` knows
 * @throws TableError naming file and row if an answer cannot be one, a query has none or two, or an id is of none
 */
export async function readAnswersTable(
  path: string,
  ways: readonly (readonly Query[])[],
  classNames: readonly string[],
): Promise<{ readonly kind: AnswerKind; readonly losses: number[] }> {
  let queries = ways[0] ?? [];
  const placeOf = new Map<string, number>();
  const losses: number[] = [];
  const answeredAt: string[] = [];
  let kind: AnswerKind = 'losses';
  let read: ReadAnswer | undefined;
  for await (const { place, values } of readTable(path)) {
    const refuse = (problem: string): never => {
      throw new TableError(path, place, problem);
    };
    const id = String(values['id'] ?? '');
    if (!('id' in values)) refuse(`found the columns ${Object.keys(values).join(', ')}, expected an id among them`);
    if (placeOf.size === 0) {
      queries = ways.find((way) => way.some((query) => query.id === id)) ?? queries;
      queries.forEach((query, i) => placeOf.set(query.id, i));
    }
    const query = placeOf.get(id);
    if (query === undefined) {
      return refuse(
        `id: found "${id}", expected one of the ${queries.length} in queries/metadata.csv of this publication`,
      );
    }
    if (answeredAt[query] !== undefined) refuse(`id: found "${id}" again, which is in ${answeredAt[query]} too`);
    let answer: Answer;
    try {
      read ??= answerReader(Object.keys(values), classNames);
      answer = read(values);
    } catch (error) {
      return refuse((error as Error).message);
    }
    const problem = answerProblem(answer, classNames.length);
    if (problem !== undefined) refuse(problem);
    answeredAt[query] = place;
    losses[query] = answerLoss(answer, (queries[query] as Query).label, classNames.length);
    kind = answer.kind;
  }
  const missing = queries.filter((_, i) => answeredAt[i] === undefined);
  if (missing.length === 0) return { kind, losses };
  throw new TableError(
    path,
    '',
    `${missing.length} of ${queries.length} queries have no answer, the first of them ${missing[0]?.id}; all must have one`,
  );
}
