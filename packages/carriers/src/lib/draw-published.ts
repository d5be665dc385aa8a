import { assertInteger } from './assert-integer.ts';
import { type Candidates, candidatesDigest } from './candidates.ts';
import { carrierGroup } from './carrier.ts';
import { InvalidArgumentError } from './errors.ts';
import type { MarkingKey } from './marking-key.ts';
import { SecretStream } from './secret-stream.ts';

/** What a beacon may be: 1 to 256 visible ASCII characters. */
export const beaconPattern = /^[\x21-\x7e]{1,256}$/;

/**
 * Which version of each image is published; the others are decoys. The draw that makes the decoy test exact: uniform over
 * the versions, one for each carrier group, independent of each other and of the carriers.
 *
 * The first `uniformInt(versions)` of the stream `published/<unit>/<index>/versions/<versions>/of/<candidatesDigest>`, and
 * where a beacon draws, `/by/<beacon>` after it.
 *
 * @param from - `versions` an integer in [2, 2³²]
 * @param beacon - a public value that nobody could know when the candidates were made public, such as the output of a
 *   randomness beacon. Which one, and how it is written, must have been made public with them: another spelling draws anew.
 *   Without one the draw is the publisher's alone, who can try many keys
 * @returns integers in [0, versions), in the order of the images
 * @throws InvalidArgumentError if an argument is outside its range
 */
export function drawPublished(key: MarkingKey, from: Candidates, beacon?: string): number[] {
  const { carrierUnit, versions } = from;
  assertInteger('versions', versions, 2, 2 ** 32);
  if (beacon !== undefined && !beaconPattern.test(beacon)) {
    throw new InvalidArgumentError(`carriers: beacon must be 1 to 256 visible ASCII characters, is "${beacon}"`);
  }
  const all = `versions/${versions}/of/${candidatesDigest(from)}${beacon === undefined ? '' : `/by/${beacon}`}`;
  return from.images.map((image) => {
    const { unit, index } = carrierGroup(carrierUnit, image);
    assertInteger('index', index, 0);
    return new SecretStream(key, `published/${unit}/${index}/${all}`).uniformInt(versions);
  });
}
