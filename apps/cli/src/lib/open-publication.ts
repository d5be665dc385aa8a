import { existsSync } from 'node:fs';
import { readKey, type MarkingKey, type PublicationManifest } from '@radiotracer/carriers';
import { readCommitted } from '@radiotracer/detector/queries';
import { isS3, type Store } from '@radiotracer/store';
import type { MarkResult } from '@radiotracer/workflows';
import { InputError } from './errors.ts';
import { readResult } from './read-result.ts';
import { openStoreHere } from './store-place.ts';

/** A publication with its key, checked: it is what was committed to. */
export interface OpenedPublication {
  readonly store: Store;
  readonly key: MarkingKey;
  readonly manifest: PublicationManifest;
  readonly marked: MarkResult;
}

/**
 * Opens what `mark` or `experiment` left. With another key, or after the manifest was changed, a p-value would be computed
 * all the same, and mean nothing.
 *
 * @param place - of the store that made it: an absolute path, or a bucket
 * @throws InputError if the folder holds no such result, or there is no store; VerificationError if the publication is not
 *   what was committed to with this key
 */
export async function openPublication(
  place: string,
  { publication: folder, key: keyFile }: { readonly publication: string; readonly key: string },
): Promise<OpenedPublication> {
  const fields = ['train', 'test', 'markingNetwork', 'versions', 'publication'] as const;
  const { train, test, markingNetwork, versions, publication } = await readResult<MarkResult>(folder, ...fields);
  const key = await readKey(keyFile);
  if (!isS3(place) && !existsSync(place)) {
    throw new InputError(`there is no store ${place}; name with --store the one that made the publication`);
  }
  const store = await openStoreHere(place);
  const manifest = await readCommitted(await store.verify(publication), publication.facts.commitment, key);
  return { store, key, manifest, marked: { train, test, markingNetwork, versions, publication } };
}
