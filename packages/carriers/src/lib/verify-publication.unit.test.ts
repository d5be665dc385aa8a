import { describe, expect, it } from '@jest/globals';
import type { Candidates } from './candidates.ts';
import { commit, verifyCommitment } from './commitment.ts';
import { drawPublished } from './draw-published.ts';
import { VerificationError } from './errors.ts';
import { MarkingKey } from './marking-key.ts';
import { pixelsSha256, verifyPixels, verifyPublication } from './verify-publication.ts';
import type { ManifestImage, PublicationManifest } from './verify-publication.ts';

const keyBytes = Buffer.from('5a'.repeat(32), 'hex');
const key = new MarkingKey(keyBytes);
const pixels = [0, 1, 2].map((version) => Uint8Array.from({ length: 4 * 2 * 3 }, (_, i) => i * 5 + version));

/** A manifest with versions as they are drawn. */
function drawn({ beacon, ...changes }: Partial<Candidates> & { readonly beacon?: string } = {}): PublicationManifest {
  const versionSha256 = pixels.map(pixelsSha256);
  const candidates = {
    keyId: key.keyId,
    split: 'train',
    classNames: ['cat', 'dog'],
    height: 4,
    width: 2,
    markingNetworkSha256: 'ab'.repeat(32),
    versions: 3,
    carrierUnit: 'image' as const,
    images: [3, 14, 159].map((row) => ({ row, label: row % 10, versionSha256 })),
    ...changes,
  };
  const published = drawPublished(key, candidates, beacon);
  const images = candidates.images.map((image, i) => ({ ...image, published: published[i] as number }));
  return { ...candidates, ...(beacon !== undefined && { beacon }), images };
}
const manifest = drawn();
const [, image] = manifest.images as [ManifestImage, ManifestImage, ManifestImage];
const toBytes = (manifest: PublicationManifest) => Buffer.from(JSON.stringify(manifest, null, 1));
const manifestBytes = toBytes(manifest);
const commitment = commit(key, manifestBytes);

/** Every copy of `bytes` with one bit changed. */
function* flips(bytes: Uint8Array): Generator<Buffer> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield flipped;
  }
}

describe('verification of a publication', () => {
  it('holds for key, manifest and pixels as they were', () => {
    expect(verifyCommitment(commitment, key, manifestBytes)).toBe(true);
    expect(verifyPublication(commitment, key, manifestBytes)).toEqual(manifest);
    for (const image of manifest.images) pixels.forEach((p, version) => verifyPixels(image, version, p));
  });

  it('breaks with any bit of the key', () => {
    for (const flipped of flips(keyBytes)) {
      expect(verifyCommitment(commitment, new MarkingKey(flipped), manifestBytes)).toBe(false);
    }
  });

  it('breaks with any bit of the manifest', () => {
    const accepted = [...flips(manifestBytes)].filter((flipped) => verifyCommitment(commitment, key, flipped));
    expect(accepted).toEqual([]);
  });

  it('breaks with any bit of any version of an image', () => {
    pixels.forEach((original, version) => {
      for (const flipped of flips(original)) {
        expect(() => verifyPixels(image, version, flipped)).toThrow(VerificationError);
      }
    });
    const other = new Uint8Array(24);
    expect(() => verifyPixels(image, 2, other)).toThrow(/^carriers: version 2 of row 14 has pixels of SHA-256/);
    expect(() => verifyPixels(image, 3, other)).toThrow('committed was undefined');
  });

  it.each(['', 'x', commitment.slice(1), `${commitment} `, 'é'.repeat(32)])(
    'breaks with the commitment "%s"',
    (wrong) => {
      expect(verifyCommitment(wrong, key, manifestBytes)).toBe(false);
      expect(() => verifyPublication(wrong, key, manifestBytes)).toThrow(VerificationError);
    },
  );

  it('refuses a version that was picked instead of drawn, though it was committed to', () => {
    const picked = toBytes({
      ...manifest,
      images: manifest.images.map((image) => ({ ...image, published: (image.published + 1) % 3 })),
    });
    expect(() => verifyPublication(commit(key, picked), key, picked)).toThrow(
      /of row 3 was published, but the key drew .*; an earlier radiotracer drew otherwise: check what it marked with it$/,
    );
  });

  it('refuses versions or a marking network that were made after the draw, though they were committed to', () => {
    const rows = Array.from({ length: 40 }, (_, row) => ({ row, label: 0, versionSha256: pixels.map(pixelsSha256) }));
    const honest = drawn({ images: rows });
    const [first, ...others] = honest.images as [ManifestImage, ...ManifestImage[]];
    const better = { ...first, versionSha256: first.versionSha256.with(first.published, 'cd'.repeat(32)) };
    for (const changes of [{ images: [better, ...others] }, { markingNetworkSha256: 'cd'.repeat(32) }]) {
      const made = toBytes({ ...honest, ...changes });
      expect(() => verifyPublication(commit(key, made), key, made)).toThrow(
        'from these versions and this marking network',
      );
    }
  });

  it.each<Partial<Candidates> & { readonly beacon?: string }>([
    { carrierUnit: 'class' },
    { beacon: `drand.quicknet:12345:${'0f'.repeat(32)}` },
  ])('holds with %j', (changes) => {
    const bytes = toBytes(drawn(changes));
    expect(verifyPublication(commit(key, bytes), key, bytes)).toMatchObject(changes);
  });

  it('refuses a manifest that names another key', () => {
    const other = toBytes({ ...manifest, keyId: '0'.repeat(64) });
    expect(() => verifyPublication(commit(key, other), key, other)).toThrow('the manifest names key 0000');
  });
});
