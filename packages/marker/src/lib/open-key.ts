import { type MarkingKey, readKey } from '@radiotracer/carriers';
import type { StageContext } from '@radiotracer/store';

import { MarkingError } from './errors.ts';

/** The key at `locations.key`, after a check that it is the one that the input means. */
export async function openKey(keyId: string, { locations }: Pick<StageContext, 'locations'>): Promise<MarkingKey> {
  if (locations.key === undefined)
    throw new MarkingError('no key was given; locations.key must be the path of its file');
  const key = await readKey(locations.key);
  if (key.keyId !== keyId) {
    throw new MarkingError(`the key in ${locations.key} has id ${key.keyId}, but these images belong to ${keyId}`);
  }
  return key;
}
