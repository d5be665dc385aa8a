import { assertInteger } from './assert-integer.ts';
import { type Candidates, candidatesDigest } from './candidates.ts';
import { carrierGroup } from './carrier.ts';
import { InvalidArgumentError } from './errors.ts';
import type { MarkingKey } from './marking-key.ts';
import { SecretStream } from './secret-stream.ts';

const round = /[a-z0-9.-]{1,64}:(0|[1-9]\d{0,19})/.source;

/**
 * How the value of a beacon is written: source, round and value. Another spelling is another draw, so there is one only of
 * round and value, and source and round are announced. Such as `drand.quicknet:27000000:` and 64 hex
 * digits; NIST's beacon has 128.
 */
export const beaconPattern = new RegExp(`^${round}:([0-9a-f]{64}|[0-9a-f]{128})$`);

/** Its source and round alone, as they are announced before the value is known. */
export const beaconRoundPattern = new RegExp(`^${round}$`);

/** A beacon's value in words, completing "expected …". */
export const beaconText = '<source>:<round>:<64 or 128 hex digits>, in small letters';

/**
 * Which version of each image is published; the others are decoys. The draw that makes the decoy test exact: uniform over
 * the versions, one for each carrier group, independent of each other and of the carriers.
 *
 * The first `uniformInt(versions)` of the stream `published/<unit>/<index>/versions/<versions>/of/<candidatesDigest>`, and
 * where a beacon draws, `/by/<beacon>` after it.
 *
 * @param from - `versions` an integer in [2, 2³²]
 * @param beacon - a public value as `beaconPattern` has it, whose source and round were made public with the candidates
 *   before it was known; without one the draw is the publisher's alone, who can try many keys
 * @returns integers in [0, versions), in the order of the images
 * @throws InvalidArgumentError if an argument is outside its range
 */
export function drawPublished(key: MarkingKey, from: Candidates, beacon?: string): number[] {
  const { carrierUnit, versions } = from;
  assertInteger('versions', versions, 2, 2 ** 32);
  if (beacon !== undefined && !beaconPattern.test(beacon)) {
    throw new InvalidArgumentError(`carriers: beacon is "${beacon}", expected ${beaconText}`);
  }
  const all = `versions/${versions}/of/${candidatesDigest(from)}${beacon === undefined ? '' : `/by/${beacon}`}`;
  return from.images.map((image) => {
    const { unit, index } = carrierGroup(carrierUnit, image);
    assertInteger('index', index, 0);
    return new SecretStream(key, `published/${unit}/${index}/${all}`).uniformInt(versions);
  });
}
