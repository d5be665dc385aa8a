import { beaconPattern, beaconRoundPattern } from '@radiotracer/carriers';
import { type DecidingTest, decidingTests, scoreVersion } from '@radiotracer/detector/judge';
import { canonicalJson } from '@radiotracer/store';
import { z } from 'zod';
import { commitmentFile } from './bundle.ts';
import { doesNotHold } from './errors.ts';
import { parseAs, parseJson } from './parse-json.ts';

const hex256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits');

/** What a publisher makes public before a release. It tells nothing of key, marked images or draws. */
export const commitmentSchema = z.strictObject({
  format: z.literal('radiotracer-commitment-v2', {
    error: 'expected radiotracer-commitment-v2; v1 is of an earlier radiotracer: check what it marked with it',
  }),
  /**
   * `commit` of `@radiotracer/carriers`: an HMAC under the key of the private manifest, and so of the rows and draws,
   * of the SHA-256 of every version, published or decoy, and of the marking network's weights.
   */
  commitment: hex256.describe('HMAC-SHA256 under the secret key, over the private manifest'),
  keyId: hex256.describe('a hash that names the secret key'),
  publishedDigest: hex256.describe('digest of the published corpus'),
  candidates: hex256.describe(
    'digest of key id, classes, marking network and all versions, from which the published were drawn',
  ),
  beacon: z
    .string()
    .regex(beaconPattern)
    .optional()
    .describe('public value that entered the draw; it must not have been known when the candidates were made public'),
  announces: z
    .string()
    .regex(beaconRoundPattern, 'expected <source>:<round>, in small letters')
    .optional()
    .describe('source and round of the beacon that is to draw from the same candidates, for a release to come'),
  plan: z
    .strictObject({
      test: z.string().describe('the test that decides'),
      scoreVersion: z.int().positive().describe('of the definition of its score'),
      level: z.number().gt(0).lt(1).describe('p-value, counted over all looks, below which the verdict is "detected"'),
      looks: z.int().positive().describe('how many looks at suspects are planned; all of them count'),
    })
    .describe('what will be tested'),
});
export type Commitment = z.infer<typeof commitmentSchema>;

/** What a publisher may choose of the plan; the score is that of this version of radiotracer. */
export interface Plan extends Pick<Commitment['plan'], 'level' | 'looks'> {
  readonly test: DecidingTest;
}

/** The commitment to a publication, as `publish` made it, and to what will be tested. Needs no key. */
export function makeCommitment(
  { beacon, announces, ...publication }: Omit<Commitment, 'format' | 'plan'>,
  { test, level, looks }: Plan,
): Commitment {
  return commitmentSchema.parse({
    format: 'radiotracer-commitment-v2',
    ...publication,
    ...(beacon !== undefined && { beacon }),
    ...(announces !== undefined && { announces }),
    plan: { test: decidingTests[test], scoreVersion, level, looks },
  });
}

/** @throws VerificationError if the test that was planned is none that this version of radiotracer decides by */
export function plannedTest({ plan: { test } }: Commitment): DecidingTest {
  const words = Object.keys(decidingTests) as DecidingTest[];
  const found = words.find((word) => decidingTests[word] === test);
  if (found !== undefined) return found;
  const known = Object.values(decidingTests).map((name) => `"${name}"`);
  throw doesNotHold(commitmentFile, `names the test "${test}"; this radiotracer decides by ${known.join(' or ')}`);
}

/** The bytes of a commitment's file: canonical JSON (RFC 8785) and a line feed, so that there is only one. */
export function commitmentText(commitment: Commitment): string {
  return `${canonicalJson(commitment, 'commitment')}\n`;
}

/**
 * @param where - the name of the file, for messages
 * @throws VerificationError if it is no commitment, or not written as `commitmentText` writes it
 */
export function parseCommitment(text: string, where: string): Commitment {
  const commitment = parseAs(
    commitmentSchema,
    parseJson(Buffer.from(text), where, 'a commitment'),
    where,
    'commitment',
  );
  if (commitmentText(commitment) === text) return commitment;
  throw doesNotHold(where, 'is not canonical JSON with a line feed at its end: it was changed, or written anew');
}
