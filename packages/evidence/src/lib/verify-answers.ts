import type { MarkingKey } from '@radiotracer/carriers';
import type { Evidence } from '@radiotracer/detector/judge';
import { queriesOf, readAnswersTable } from '@radiotracer/detector/queries';
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
 * @param table - the file that holds them: CSV, Parquet or JSON Lines
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
  const queries = queriesOf(manifest, key, commitment.commitment);
  const { losses } = await readAnswersTable(table, queries, classNames);
  const again = marked.label.map((_, i) => losses.slice(i * manifest.versions, (i + 1) * manifest.versions));
  const difference = firstDifference(marked.suspectLoss, again, 'marked.suspectLoss');
  if (!difference) return;
  const { path, found, expected } = difference;
  throw doesNotHold(file, `${path} is ${String(found)}; from the answers in ${table} follows ${String(expected)}`);
}
