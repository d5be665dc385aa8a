import { candidatesDigest, type MarkingKey, verifyPublication } from '@radiotracer/carriers';
import { type Evidence, scoreVersion } from '@radiotracer/detector/judge';
import { sha256 } from '@radiotracer/store';
import { commitmentFile, lookFile, manifestFile, readBundle } from './bundle.ts';
import { type Commitment, parseCommitment } from './commitment.ts';
import { countLooks, type LookCount } from './count-looks.ts';
import { doesNotHold } from './errors.ts';
import { type Manifest, parseManifest } from './parse-manifest.ts';
import { referencePreference, type ReferencePreference } from './reference-preference.ts';
import { verifyLook } from './verify-look.ts';

/** One look, as it was computed again. */
export interface VerifiedLook {
  readonly number: number;
  /** What the publisher calls the model. */
  readonly name: string;
  /** What the model was known by, and the SHA-256 of the file of it. */
  readonly knownBy: 'weights' | 'answers';
  readonly suspectSha256: string;
  readonly evidenceSha256: string;
  /** Such as `{ images: 50, versions: 10 }`. */
  readonly sampleSize: Readonly<Record<string, number>>;
  /** log10 p of this look by itself. */
  readonly log10P: number;
  /** The same counted over all looks under the key, and whether it reaches the level. */
  readonly adjustedLog10P: number;
  readonly isDetected: boolean;
  /** log10 p of the marking network's own preference for the published versions, see `referencePreference`. */
  readonly referenceLog10P: number;
}

/** What a bundle says, all of it computed again. */
export interface Verified extends Pick<LookCount, 'tests' | 'isAsPlanned'> {
  readonly commitment: Commitment;
  readonly manifest: Manifest;
  readonly looks: readonly VerifiedLook[];
  /** Of each look, checked. It names marked images, as the manifest does. */
  readonly evidence: readonly Evidence[];
  /** The least p-values of the marking network's own preference in any look; where one is small, no verdict stands. */
  readonly referencePreference: ReferencePreference;
  /** Of `SHA256SUMS`, and so of the whole bundle. */
  readonly sumsSha256: string;
}

/**
 * Checks a bundle with the revealed key: every file's hash; that key and manifest are what was committed to, and that the
 * key draws the published versions; every look's images, draws and cosines; and every verdict, which is computed again
 * from the recorded losses. Needs neither network nor TensorFlow.
 *
 * It cannot know when the commitment was made, nor that the losses are the suspect's: compare the commitment with the one
 * that was public before the release, and look at the suspect again (docs/evidence.md).
 *
 * @throws VerificationError naming file and field that do not hold
 */
export async function verifyBundle(folder: string, key: MarkingKey): Promise<Verified> {
  const bundle = await readBundle(folder);
  const manifestBytes = bundle.files.get(manifestFile) as Buffer;
  const commitment = parseCommitment((bundle.files.get(commitmentFile) as Buffer).toString('utf8'), commitmentFile);
  if (commitment.keyId !== key.keyId) {
    throw doesNotHold(commitmentFile, `names key ${commitment.keyId}; the one given has id ${key.keyId}`);
  }
  if (commitment.plan.scoreVersion !== scoreVersion) {
    const found = commitment.plan.scoreVersion;
    throw doesNotHold(commitmentFile, `names version ${found} of the score; this radiotracer computes ${scoreVersion}`);
  }
  const manifest = parseManifest(manifestBytes); // a publisher may have committed to anything
  verifyPublication(commitment.commitment, key, manifestBytes);
  verifyDrawnFrom(commitment, manifest);

  const committed = { commitment, key, manifest };
  const looks = Array.from({ length: bundle.looks }, (_, i) => verifyLook(bundle, i + 1, committed));
  const count = countLooks(
    looks.map(([, { decisive }]) => decisive),
    commitment.plan,
  );
  const preferences = looks.map(([evidence]) => referencePreference(evidence));
  const least = (of: keyof ReferencePreference): number => Math.min(0, ...preferences.map((log10Ps) => log10Ps[of]));
  return {
    commitment,
    manifest,
    looks: looks.map(([evidence, { name, decisive }], i) => ({
      number: i + 1,
      name,
      ...knowledgeOf(evidence),
      evidenceSha256: sha256(bundle.files.get(lookFile(i + 1, 'evidence')) as Buffer),
      sampleSize: decisive.sampleSize,
      log10P: decisive.log10P,
      ...(count.looks[i] as LookCount['looks'][number]),
      referenceLog10P: (preferences[i] as ReferencePreference).published,
    })),
    evidence: looks.map(([evidence]) => evidence),
    referencePreference: { published: least('published'), decoys: least('decoys') },
    tests: count.tests,
    isAsPlanned: count.isAsPlanned,
    sumsSha256: bundle.sumsSha256,
  };
}

/** What a publisher says in public of the draw must be what his manifest holds. */
function verifyDrawnFrom(commitment: Commitment, manifest: Manifest): void {
  const found = { candidates: candidatesDigest(manifest), beacon: manifest.beacon };
  for (const field of ['candidates', 'beacon'] as const) {
    if (commitment[field] === found[field]) continue;
    const text = (value: string | undefined): string => value ?? 'none';
    throw doesNotHold(
      commitmentFile,
      `has ${field} ${text(commitment[field])}; the manifest drew by ${text(found[field])}`,
    );
  }
}

/** By which file a model is known that was looked at. */
export function knowledgeOf({ suspect }: Evidence): Pick<VerifiedLook, 'knownBy' | 'suspectSha256'> {
  return 'weightsSha256' in suspect
    ? { knownBy: 'weights', suspectSha256: suspect.weightsSha256 }
    : { knownBy: 'answers', suspectSha256: suspect.answersSha256 };
}
