import { type ShardsFacts, TableError } from '@radiotracer/corpus';
import { openKey, type PublicationFacts } from '@radiotracer/marker';
import { type Artifact, sha256File, type Stage } from '@radiotracer/store';

import { finiteLosses } from './answer-loss.ts';
import { readAnswersTable } from './answers-table.ts';
import { keepAnswers, type ReadFacts } from './kept-answers.ts';
import { queriesOf, viewQueriesOf } from './queries.ts';
import { readCommitted } from './verify-committed.ts';
import { meansOfViews } from './views.ts';

/** Input of the `readAnswers` stage; `locations.key` and `locations.answers` say where key and table lie. */
export interface ReadAnswersInput {
  readonly keyId: string;
  readonly publication: Artifact<PublicationFacts>;
  /** The clean corpus, for the names of its classes. */
  readonly train: Artifact<ShardsFacts>;
  /** Hex SHA-256 of the table. */
  readonly tableSha256: string;
}

/**
 * Reads what a suspect answered to `radiotracer queries` from a table, and leaves how wrong each answer is.
 *
 * @throws TableError naming file and row; VerificationError if manifest or key are not what was committed to
 */
export const readAnswers: Stage<ReadAnswersInput, ReadFacts> = {
  name: 'readAnswers',
  version: 2,
  async run({ keyId, publication, train, tableSha256 }, context) {
    const key = await openKey(keyId, context);
    const { commitment } = publication.facts;
    const manifest = await readCommitted(await context.open(publication), commitment, key);
    const table = context.locations.answers ?? '';
    const found = await sha256File(table);
    if (found !== tableSha256) {
      throw new TableError(
        table,
        '',
        `has SHA-256 ${found}, at the start of the run it had ${tableSha256}; start anew`,
      );
    }
    const ways = [queriesOf(manifest, key, commitment), viewQueriesOf(manifest, key, commitment)];
    const { kind, losses } = await readAnswersTable(table, ways, train.facts.classNames);
    const views = losses.length / (manifest.images.length * manifest.versions);
    const about = { answers: kind, answersSha256: tableSha256, ...(views > 1 && { views }) };
    return keepAnswers(context, meansOfViews(finiteLosses(losses), views), about);
  },
};
