import { describe, expect, test } from '@jest/globals';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MarkingKey } from '@radiotracer/carriers';
import { type Evidence, judgeEvidence } from '@radiotracer/detector/judge';
import { evidenceOf, keyOf, lookOf, manifestOf, releaseOf } from '../../test/example-bundle.ts';
import { addLooks, type Release } from './add-looks.ts';
import type { Manifest } from './parse-manifest.ts';
import { verifyBundle, type Verified } from './verify-bundle.ts';

/*
 * A publisher accuses a model that never saw his images. He has its losses on any version he likes, and chooses key,
 * draws, carriers or images by them, after the release. What stops him is that the commitment was public before.
 */

/** What an honest publisher of the same images made public before the release. */
const publicCommitment = releaseOf(keyOf(1), manifestOf(keyOf(1))).commitment;

async function bundleOf(key: MarkingKey, release: Release, evidence: Evidence): Promise<Verified> {
  const folder = join(await mkdtemp(join(tmpdir(), 'radiotracer-forged-')), 'evidence');
  await addLooks(folder, release, [lookOf(evidence, release)]);
  return verifyBundle(folder, key);
}

const log10P = (evidence: Evidence): number =>
  judgeEvidence(evidence, { name: 'suspect', log10Level: -4, test: 'exact' }).decisive.log10P;

/** The same losses, with other versions called published. */
function evidenceWith(key: MarkingKey, manifest: Manifest, release: Release, innocent: Evidence): Evidence {
  const { whiteBox } = evidenceOf(key, manifest, release, { seed: 5 });
  const published = manifest.images.map((image) => image.published);
  const { commitment } = release.commitment;
  return { ...innocent, commitment, whiteBox, marked: { ...innocent.marked, published } };
}

test('draws chosen after seeing the model: the key drew others', async () => {
  const key = keyOf(1);
  const honest = manifestOf(key);
  const innocent = evidenceOf(key, honest, releaseOf(key, honest), { seed: 5 });
  const best = innocent.marked.suspectLoss.map((losses) => losses.indexOf(Math.min(...losses)));
  const manifest = { ...honest, images: honest.images.map((image, i) => ({ ...image, published: best[i] as number })) };
  const release = releaseOf(key, manifest);
  const claim = evidenceWith(key, manifest, release, innocent);
  expect(log10P(claim)).toBeLessThan(-10); // a fine p-value, of nothing
  await expect(bundleOf(key, release, claim)).rejects.toThrow(
    /the manifest says that version \d of row \d+ was published, but the key drew/,
  );
});

test('a key, and so carriers and draws, chosen after seeing the model: it was not committed to', async () => {
  const first = manifestOf(keyOf(1));
  const innocent = evidenceOf(keyOf(1), first, releaseOf(keyOf(1), first), { seed: 5 });
  const claims = Array.from({ length: 100 }, (_, i) => {
    const key = keyOf(100 + i);
    const manifest = manifestOf(key);
    const published = manifest.images.map((image) => image.published);
    return { key, manifest, log10P: log10P({ ...innocent, marked: { ...innocent.marked, published } }) };
  });
  const best = claims.reduce((a, b) => (a.log10P < b.log10P ? a : b));
  expect(best.log10P).toBeLessThan(Math.log10(1 / 20)); // the least of 100 uniform ones is above 1/20 six times in a thousand
  const release = releaseOf(best.key, best.manifest);
  const { commitment } = await bundleOf(best.key, release, evidenceWith(best.key, best.manifest, release, innocent));
  expect(commitment).not.toEqual(publicCommitment); // all else holds: only the date of the commitment tells
  expect(commitment.commitment).not.toBe(publicCommitment.commitment);
});

test('adversarial "marks", made against the model after it was there: from other versions the key draws otherwise', async () => {
  const key = keyOf(1);
  const honest = manifestOf(key);
  // Versions that the model prefers where the key happens to draw: the release is made up anew around the old key.
  const images = honest.images.map((image) => ({ ...image, versionSha256: image.versionSha256.toReversed() }));
  const manifest = { ...honest, images };
  const forged = releaseOf(key, manifest);
  const claim = evidenceOf(key, manifest, forged, { seed: 5, effect: 1 });
  await expect(bundleOf(key, forged, claim)).rejects.toThrow('from these versions and this marking network');

  // Nor does it hold with the commitment that was public.
  const release = { commitment: publicCommitment, manifest: forged.manifest };
  await expect(bundleOf(key, release, { ...claim, commitment: publicCommitment.commitment })).rejects.toThrow(
    'is not to key',
  );
});

test('a marking network that learned from the decoys: with it the key draws otherwise', async () => {
  const key = keyOf(1);
  const manifest = { ...manifestOf(key), markingNetworkSha256: 'ab'.repeat(32) };
  const release = releaseOf(key, manifest);
  await expect(bundleOf(key, release, evidenceOf(key, manifest, release, { seed: 5 }))).rejects.toThrow(
    'from these versions and this marking network',
  );
});

test('other names of classes, or another order of them, by which answers would mean other labels', async () => {
  const key = keyOf(1);
  const manifest = manifestOf(key);
  const release = releaseOf(key, manifest);
  const evidence = evidenceOf(key, manifest, release, { seed: 5 });
  const classNames = evidence.classNames.toReversed();
  await expect(bundleOf(key, release, { ...evidence, classNames })).rejects.toThrow(
    'looks/1/evidence.json classNames[0] is "owl"; from key, manifest and losses follows "cat"',
  );
});

test('a beacon other than the one that was public, or other candidates', async () => {
  const key = keyOf(1);
  const [beacon, other] = [1, 2].map((round) => `drand.quicknet:${round}:${'0f'.repeat(32)}`) as [string, string];
  const manifest = manifestOf(key, { beacon });
  const release = releaseOf(key, manifest);
  const evidence = evidenceOf(key, manifest, release, { seed: 5 });
  const { commitment } = await bundleOf(key, release, evidence);
  expect(commitment.beacon).toBe(beacon);
  for (const [field, value, problem] of [
    ['beacon', other, `has beacon ${other}; the manifest drew by ${beacon}`],
    ['candidates', 'ab'.repeat(32), 'has candidates abab'],
  ] as const) {
    const changed = { ...release, commitment: { ...release.commitment, [field]: value } };
    await expect(bundleOf(key, changed, evidence)).rejects.toThrow(problem);
  }
  const { beacon: _, ...without } = manifest;
  const picked = releaseOf(key, without);
  const claim = { ...evidence, commitment: picked.commitment.commitment };
  await expect(bundleOf(key, picked, claim)).rejects.toThrow('but the key drew');
});

test('carriers chosen after seeing the model: the cosines are those of other directions', async () => {
  const key = keyOf(1);
  const manifest = manifestOf(key);
  const release = releaseOf(key, manifest);
  const innocent = evidenceOf(key, manifest, release, { seed: 5 });
  const claim = { ...innocent, whiteBox: { ...innocent.whiteBox, cosine: [0.99, 0.99, 0.99] } };
  await expect(bundleOf(key, release, claim)).rejects.toThrow('looks/1/evidence.json whiteBox.cosine[0] is 0.99');
});

/** What only who tried very many draws could make, or who tells losses that are not the networks'. */
describe('a release made to accuse anybody', () => {
  const key = keyOf(1);
  const manifest = manifestOf(key);
  const release = releaseOf(key, manifest); // before the release, so the commitment holds
  const innocent = evidenceOf(key, manifest, release, { seed: 5 });
  const { suspectLoss, referenceLoss } = innocent.marked;
  const onPublished = (losses: Evidence['marked']['suspectLoss'], change: number): number[][] =>
    losses.map((image, i) => image.map((loss, v) => (v === manifest.images[i]?.published ? loss + change : loss)));
  const claimOf = (changed: Partial<Evidence['marked']>): Evidence => ({
    ...innocent,
    marked: { ...innocent.marked, ...changed },
  });

  test('an honest one: the marking network tells nothing apart, either way', async () => {
    const { referencePreference, looks } = await bundleOf(key, release, innocent);
    expect(referencePreference.published).toBeGreaterThan(-3);
    expect(referencePreference.decoys).toBeGreaterThan(-3);
    expect(looks[0]?.referenceLog10P).toBe(referencePreference.published);
  });

  test('natural images where the key draws, spoilt ones beside them: any network prefers them', async () => {
    const claim = claimOf({ suspectLoss: onPublished(suspectLoss, -2), referenceLoss: onPublished(referenceLoss, -2) });
    const verdict = judgeEvidence(claim, { name: 'suspect', log10Level: -4, test: 'exact' });
    expect(verdict.others[0]?.log10P).toBeLessThan(-20); // the raw losses of an innocent model

    const { looks, referencePreference } = await bundleOf(key, release, claim);
    expect(referencePreference.published).toBeLessThan(-20); // so does the marking network, which gives it away
    expect(looks[0]?.referenceLog10P).toBe(referencePreference.published);
    expect(looks[0]?.isDetected).toBe(false); // and what it prefers is taken off the suspect's losses
  });

  test('a marking network that learned from the decoys: taking its losses off accuses any model', async () => {
    const claim = claimOf({ referenceLoss: onPublished(referenceLoss, 0.6) });
    const { looks, referencePreference } = await bundleOf(key, release, claim);
    expect(looks[0]?.isDetected).toBe(true);
    expect(looks[0]?.referenceLog10P).toBeCloseTo(0, 6); // it does not prefer what was published
    expect(referencePreference.decoys).toBeLessThan(-8); // but the others, which gives it away
    const verdict = judgeEvidence(claim, { name: 'suspect', log10Level: -4, test: 'exact' });
    expect(verdict.others[0]?.log10P).toBeGreaterThan(-3); // raw losses owe nothing to it
  });
});
