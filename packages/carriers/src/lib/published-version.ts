import { assertInteger } from './assert-integer.ts';
import type { CarrierGroup } from './carrier.ts';
import type { MarkingKey } from './marking-key.ts';
import { SecretStream } from './secret-stream.ts';

/**
 * Which version of a group is published; the others are decoys. The draw that makes the decoy test exact: uniform over
 * the versions, independent of the carriers, of the images and of other groups.
 *
 * The first `uniformInt(versions)` of the stream `published/<unit>/<index>/versions/<versions>`.
 *
 * @param options - `index` an integer ≥ 0, `versions` an integer in [2, 2³²]
 * @returns integer in [0, versions)
 * @throws InvalidArgumentError if an option is outside its range
 */
export function publishedVersion(
  key: MarkingKey,
  { unit, index, versions }: CarrierGroup & { readonly versions: number },
): number {
  assertInteger('index', index, 0);
  assertInteger('versions', versions, 2, 2 ** 32);
  return new SecretStream(key, `published/${unit}/${index}/versions/${versions}`).uniformInt(versions);
}
