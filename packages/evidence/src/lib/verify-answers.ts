import type { MarkingKey } from '@radiotracer/carriers';
import { countDraws, drawsOf, firstDraws, markedImages } from '@radiotracer/detector/judge';
import {
  finiteLosses,
  finiteLossesByDraw,
  grouped,
  meansOfViews,
  queriesOf,
  readAnswersTable,
  viewQueriesOf,
} from '@radiotracer/detector/queries';
import { lookFile } from './bundle.ts';
import { firstDifference } from './difference.ts';
import { doesNotHold } from './errors.ts';
import type { Verified } from './verify-bundle.ts';

/**
 * Computes the losses of a look again from what the suspect answered, and checks that it answered what the look says.
 *
 * @param number - of a look that is known by its answers, from 1
 * @param table - the file that holds them: CSV, JSON Lines or Parquet
 * @throws VerificationError naming the loss, or the kind of answers, that does not follow from them; TableError (corpus)
 *   naming file and row if an answer cannot be one, or one is missing; RangeError if there is no such look
 */
export async function verifyAnswers(
  { manifest, commitment, evidence }: Verified,
  key: MarkingKey,
  number: number,
  table: string,
): Promise<void> {
  const look = evidence[number - 1];
  if (look === undefined) throw new RangeError(`evidence: there is no look ${number} among ${evidence.length}`);
  const { classNames, marked, suspect, views = 1 } = look;
  const { versions } = manifest;
  const { images } = firstDraws({ ...markedImages(manifest), images: manifest.images }, countDraws(marked));
  const asked = views > 1 ? viewQueriesOf : queriesOf;
  const queries = asked({ images, versions }, key, commitment.commitment);
  const { kind, losses } = await readAnswersTable(table, [queries], classNames);
  const draws = drawsOf({ marked }).map((draw) => draw.images);
  // What a probability of 0 counts as follows from all answers, or where it was asked draw by draw from those before it.
  const possible = [
    grouped(meansOfViews(finiteLosses(losses), views), versions),
    finiteLossesByDraw(grouped(losses, versions * views), draws).map((ofImage) => meansOfViews(ofImage, views)),
  ];
  const recorded = { suspect, marked: { suspectLoss: marked.suspectLoss } };
  const differences = possible.map((suspectLoss) =>
    firstDifference(recorded, { suspect: { ...suspect, answers: kind }, marked: { suspectLoss } }, ''),
  );
  const [first] = differences;
  if (!first || differences.includes(undefined)) return;
  const { path, found, expected: ours } = first;
  throw doesNotHold(
    lookFile(number, 'evidence'),
    `${path.slice(1)} is ${String(found)}; from the answers in ${table} follows ${String(ours)}`,
  );
}
