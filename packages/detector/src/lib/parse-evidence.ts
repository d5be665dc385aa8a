import { z } from 'zod';
import { answerKinds } from './answer.ts';
import { InvalidEvidenceError } from './errors.ts';
import { countDraws } from './marked-images.ts';
import type { Evidence, WhiteBoxEvidence } from './types.ts';
import { parseWeights } from './weights-text.ts';

const index = z.int().nonnegative();
/** More than logits in float32 can make of a loss, and little enough that the tests can square it. */
const LARGEST = 1e39;
const losses = z.array(z.number().min(-LARGEST).max(LARGEST));
/** Below 1, whose p would be 0: no weight is the very carrier. */
const cosines = z.array(z.number().min(-1).lt(1).nullable());

const evidenceSchema = z.object({
  suspect: z.union(
    [
      z.strictObject({ key: z.string(), weightsSha256: z.string() }),
      z.strictObject({ key: z.string(), answers: z.enum(answerKinds), answersSha256: z.string() }),
    ],
    { error: 'expected key, and either weightsSha256 or answers and answersSha256' },
  ),
  commitment: z.string(),
  classNames: z.array(z.string()),
  marked: z.object({
    label: z.array(index).min(1),
    group: z.array(index),
    published: z.array(index),
    suspectLoss: z.array(losses),
    referenceLoss: z.array(losses),
  }),
  views: z.int().min(1).optional(),
  totalDraws: index.optional(),
  unmarked: z.object({ label: z.array(index), suspectLoss: losses }),
  whiteBox: z
    .object({
      dimension: z
        .int()
        .min(2)
        .max(2 ** 20),
      cosine: cosines,
      alignedWeights: z.string().optional(),
      referenceWeights: z.array(z.string()).optional(),
      excessCosine: cosines.optional(),
      heldOutR2: z.number().nullable(),
      inferredFrom: z.enum(['logits', 'probabilities']).optional(),
    })
    .optional(),
}) satisfies z.ZodType<Evidence>;

/**
 * Evidence, as it was read from a file or before it is written, checked: every loss a number that the tests can bear, every
 * array as long as it has to be.
 *
 * @throws InvalidEvidenceError naming the field, and for a loss the image and the version
 */
export function parseEvidence(value: unknown): Evidence {
  const parsed = evidenceSchema.safeParse(value);
  if (!parsed.success) throw invalid(parsed.error);
  const evidence = parsed.data;
  checkMarked(evidence.marked, evidence.classNames.length);
  checkTotal(evidence);
  checkLengths('unmarked', evidence.unmarked, evidence.unmarked.label.length);
  if (evidence.whiteBox) checkWhiteBox(evidence.whiteBox, evidence.classNames.length);
  return evidence;
}

function checkWhiteBox(whiteBox: WhiteBoxEvidence, classes: number): void {
  const { cosine, excessCosine = cosine, alignedWeights, referenceWeights, dimension } = whiteBox;
  checkLengths('whiteBox', { cosine, excessCosine }, classes);
  const check = (field: string, text: string) => parseWeights(`whiteBox.${field}`, text, classes, dimension);
  if (alignedWeights !== undefined) check('alignedWeights', alignedWeights);
  referenceWeights?.forEach((text, i) => check(`referenceWeights[${i}]`, text));
}

function checkMarked(marked: Evidence['marked'], classes: number): void {
  checkLengths('marked', marked, marked.label.length);
  const versions = marked.suspectLoss[0]?.length ?? 0;
  if (versions < 2)
    throw new InvalidEvidenceError('marked.suspectLoss[0]', `has ${versions} versions, expected 2 or more`);
  marked.label.forEach((label, i) => {
    checkLengths(
      `marked image ${i}:`,
      { suspectLoss: marked.suspectLoss[i], referenceLoss: marked.referenceLoss[i] },
      versions,
    );
    checkBelow(`marked.label[${i}]`, label, classes);
    checkBelow(`marked.published[${i}]`, marked.published[i] ?? NaN, versions);
  });
}

function checkTotal({ marked, totalDraws }: Evidence): void {
  const draws = countDraws(marked);
  if (totalDraws === undefined || totalDraws > draws) return;
  throw new InvalidEvidenceError('totalDraws', `is ${totalDraws}, expected more than the ${draws} draws in marked`);
}

function checkLengths(where: string, arrays: Record<string, readonly unknown[] | undefined>, expected: number): void {
  for (const [name, array] of Object.entries(arrays)) {
    if (array?.length === expected) continue;
    throw new InvalidEvidenceError(`${where} ${name}`, `has ${array?.length} values, expected ${expected}`);
  }
}

function checkBelow(field: string, value: number, end: number): void {
  if (!(value < end)) throw new InvalidEvidenceError(field, `is ${value}, expected less than ${end}`);
}

/** What zod found first, with the words of the field instead of a path. */
function invalid(error: z.ZodError): InvalidEvidenceError {
  const issue = error.issues[0];
  const path = issue?.path ?? [];
  const field = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1);
  const [, name, image, version] = path;
  const isLoss = (name === 'suspectLoss' || name === 'referenceLoss') && version !== undefined;
  const place = isLoss ? ` (marked image ${String(image)}, version ${String(version)})` : '';
  return new InvalidEvidenceError(`${field || 'evidence.json'}${place}`, `is invalid: ${issue?.message}`, {
    cause: error,
  });
}
