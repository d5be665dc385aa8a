import { createHash } from 'node:crypto';
import type { CandidateImage, Candidates } from './candidates.ts';
import { verifyCommitment } from './commitment.ts';
import { drawPublished } from './draw-published.ts';
import { VerificationError } from './errors.ts';
import type { MarkingKey } from './marking-key.ts';

/** One marked image in a manifest. */
export interface ManifestImage extends CandidateImage {
  /** Its published version. */
  readonly published: number;
}

/** `private/manifest.json` of a publication: which rows are marked, and which of their versions was published. */
export interface PublicationManifest extends Candidates {
  /** Where one entered the draw. */
  readonly beacon?: string | undefined;
  readonly images: readonly ManifestImage[];
}

/** Hex SHA-256 of an image's pixels, [H, W, 3] uint8. */
export function pixelsSha256(pixels: Uint8Array): string {
  return createHash('sha256').update(pixels).digest('hex');
}

/**
 * Checks that a manifest is the one committed to with this key, and that every published version in it is the one that
 * the key draws from what the manifest names, so that nobody picked it, nor made versions or marking network for it. The
 * pixels are left to `verifyPixels`.
 *
 * @param manifestBytes - the bytes of the manifest's file: JSON, UTF-8
 * @returns the manifest
 * @throws VerificationError saying what does not hold
 */
export function verifyPublication(commitment: string, key: MarkingKey, manifestBytes: Uint8Array): PublicationManifest {
  if (!verifyCommitment(commitment, key, manifestBytes)) {
    throw new VerificationError(
      `carriers: the commitment ${commitment} is not to key ${key.keyId} and this manifest; ` +
        'find the key and the manifest as they were before the release',
    );
  }
  const manifest = JSON.parse(Buffer.from(manifestBytes).toString('utf8')) as PublicationManifest;
  if (manifest.keyId !== key.keyId) {
    throw new VerificationError(`carriers: the manifest names key ${manifest.keyId}, the key is ${key.keyId}`);
  }
  const drawn = drawPublished(key, manifest, manifest.beacon);
  manifest.images.forEach(({ row, published }, i) => {
    if (published !== drawn[i]) {
      throw new VerificationError(
        `carriers: the manifest says that version ${published} of row ${row} was published, but the key drew ${drawn[i]} ` +
          'from these versions and this marking network; an earlier radiotracer drew otherwise: check what it marked with it',
      );
    }
  });
  return manifest;
}

/**
 * Checks the pixels of one version of a marked image, [H, W, 3] uint8, against the manifest.
 *
 * @throws VerificationError naming row and version
 */
export function verifyPixels(image: ManifestImage, version: number, pixels: Uint8Array): void {
  const found = pixelsSha256(pixels);
  const expected = image.versionSha256[version];
  if (found !== expected) {
    throw new VerificationError(
      `carriers: version ${version} of row ${image.row} has pixels of SHA-256 ${found}, committed was ${expected}`,
    );
  }
}
