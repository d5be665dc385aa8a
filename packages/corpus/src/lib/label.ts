import { CorpusError, type CorpusPlace } from './errors.ts';

/**
 * A label as a class index.
 *
 * @param value - as the corpus holds it
 * @throws CorpusError if it is null, or outside [0, classes)
 */
export function toLabel(value: bigint | number | null, place: CorpusPlace, classNames: readonly string[]): number {
  const label = value === null ? null : Number(value);
  if (label !== null && label >= 0 && label < classNames.length) return label;
  throw new CorpusError(place, `the label is ${value}; labels are 0 to ${classNames.length - 1}`);
}
