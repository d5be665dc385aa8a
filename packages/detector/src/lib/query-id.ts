import type { MarkingKey } from '@radiotracer/carriers';

const ID_BYTES = 12;

/** One version of one marked image. */
export interface QueriedVersion {
  /** Of the published split. */
  readonly row: number;
  readonly version: number;
  /** Which of `views` of it; left out where it is shown as it is. */
  readonly view?: number | undefined;
}

/**
 * The name under which a suspect is asked about a version: 24 hex digits that follow from the key, so that they, and the
 * order of their sorting, look random to everybody else, and say nothing of row, version or what was published.
 *
 * @param commitment - of the publication: the ids of another one are others
 */
export function queryId(key: MarkingKey, commitment: string, { row, version, view }: QueriedVersion): string {
  const shown = view === undefined ? '' : `/view/${view}`;
  return Buffer.from(key.derive(`query/${commitment}/${row}/${version}${shown}`, ID_BYTES)).toString('hex');
}
