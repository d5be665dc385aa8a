import type { MarkingKey } from '@radiotracer/carriers';
import { countDraws, drawsOf, type Evidence, firstDraws, markedImages } from '@radiotracer/detector/judge';
import { finiteLosses, finiteLossesByDraw, grouped, queriesOf, readAnswersTable } from '@radiotracer/detector/queries';
import { lookFile, readBundle } from './bundle.ts';
import { firstDifference } from './difference.ts';
import { doesNotHold } from './errors.ts';
import { parseJson } from './parse-json.ts';
import type { Verified } from './verify-bundle.ts';

/**
 * Computes the losses of a look again from what the suspect answered.
 *
 * @param verified - of the bundle in `folder`
 * @param number - of a look that is known by its answers, from 1
 * @param table - the file that holds them: CSV, JSON Lines or Parquet
 * @throws VerificationError naming the loss that does not follow from its answer; TableError (corpus) naming file and row
 *   if an answer cannot be one, or one is missing
 */
export async function verifyAnswers(
  folder: string,
  key: MarkingKey,
  { manifest, commitment }: Verified,
  number: number,
  table: string,
): Promise<void> {
  const file = lookFile(number, 'evidence');
  const { classNames, marked } = parseJson((await readBundle(folder)).files.get(file) as Buffer, file) as Evidence;
  const { versions } = manifest;
  const { images } = firstDraws({ ...markedImages(manifest), images: manifest.images }, countDraws(marked));
  const queries = queriesOf({ images, versions }, key, commitment.commitment);
  const { losses } = await readAnswersTable(table, queries, classNames);
  const draws = drawsOf({ marked }).map((draw) => draw.images);
  // What a probability of 0 counts as follows from all answers, or where it was asked draw by draw from those before it.
  const expected = [grouped(finiteLosses(losses), versions), finiteLossesByDraw(grouped(losses, versions), draws)];
  const differences = expected.map((again) => firstDifference(marked.suspectLoss, again, 'marked.suspectLoss'));
  const [first] = differences;
  if (!first || differences.includes(undefined)) return;
  const { path, found, expected: ours } = first;
  throw doesNotHold(file, `${path} is ${String(found)}; from the answers in ${table} follows ${String(ours)}`);
}
