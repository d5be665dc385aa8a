import type { KeyObject } from 'node:crypto';
import { canonicalJson, sha256 } from '@radiotracer/store';
import { commitmentFile, statementFile, sumsFile } from './bundle.ts';
import { type Commitment, commitmentText } from './commitment.ts';
import { firstDifference } from './difference.ts';
import { type Envelope, openEnvelope, signEnvelope } from './dsse.ts';
import { doesNotHold } from './errors.ts';
import { parseJson } from './parse-json.ts';
import type { Verified, VerifiedLook } from './verify-bundle.ts';

/** Of in-toto statements in an envelope. */
const payloadType = 'application/vnd.in-toto+json';

interface Subject {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
}

/**
 * An in-toto Statement v1 (https://github.com/in-toto/attestation/tree/main/spec/v1) about the models that were looked
 * at, the published corpus, the commitment and the bundle.
 */
export interface Statement {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly Subject[];
  readonly predicateType: 'urn:radiotracer:verdict:v1';
  readonly predicate: {
    readonly commitment: Commitment;
    /** Every look under the key, in their order. */
    readonly looks: readonly VerifiedLook[];
    /** How many tests the adjusted p-values are counted over, and whether no more were taken than planned. */
    readonly tests: number;
    readonly isAsPlanned: boolean;
  };
}

/** What there is to sign in a bundle that was verified. */
export function statementOf({ commitment, looks, tests, isAsPlanned, sumsSha256 }: Verified): Statement {
  const models = looks.map(({ number, name, knownBy, suspectSha256 }): Subject => ({
    name: `look ${number}: ${name}, its ${knownBy}`,
    digest: { sha256: suspectSha256 },
  }));
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      ...models,
      // `corpusDigest` of @radiotracer/corpus is in-toto's dirHash1 over the data files: the card is left out.
      { name: 'published corpus, its data files', digest: { dirHash1: commitment.publishedDigest } },
      { name: commitmentFile, digest: { sha256: sha256(commitmentText(commitment)) } },
      { name: sumsFile, digest: { sha256: sumsSha256 } },
    ],
    predicateType: 'urn:radiotracer:verdict:v1',
    predicate: { commitment, looks, tests, isAsPlanned },
  };
}

/** @param privateKey - Ed25519, the signer's: it is not the marking key */
export function signStatement(verified: Verified, privateKey: KeyObject): Envelope {
  return signEnvelope(payloadType, Buffer.from(canonicalJson(statementOf(verified), 'statement')), privateKey);
}

/**
 * Checks that a statement was signed with this key, and says of a bundle what was found when it was verified.
 *
 * @throws VerificationError saying what does not hold
 */
export function verifyStatement(envelope: Envelope, publicKey: KeyObject, verified: Verified): void {
  const found = parseJson(openEnvelope(envelope, payloadType, publicKey, statementFile), statementFile, 'a statement');
  const difference = firstDifference(found, statementOf(verified), '');
  if (!difference) return;
  const [its, ours] = [difference.found, difference.expected].map((value) => JSON.stringify(value));
  throw doesNotHold(statementFile, `says that ${difference.path.slice(1)} is ${its}; the bundle has ${ours}`);
}
