import { createHash } from 'node:crypto';
import { carrierGroup, type CarrierGroup } from './carrier.ts';
import { verifyCommitment } from './commitment.ts';
import { VerificationError } from './errors.ts';
import type { MarkingKey } from './marking-key.ts';
import { publishedVersion } from './published-version.ts';

/** One marked image in a manifest. */
export interface ManifestImage {
  readonly row: number;
  readonly label: number;
  /** Its published version. */
  readonly published: number;
  /** `pixelsSha256` of each version. */
  readonly versionSha256: readonly string[];
}

/** What this package needs to know of a publication's manifest. */
export interface CommittedManifest {
  readonly keyId: string;
  readonly versions: number;
  readonly carrierUnit: CarrierGroup['unit'];
  readonly images: readonly ManifestImage[];
}

/** Hex SHA-256 of an image's pixels, [H, W, 3] uint8. */
export function pixelsSha256(pixels: Uint8Array): string {
  return createHash('sha256').update(pixels).digest('hex');
}

/**
 * Checks that a manifest is the one committed to with this key, and that every published version in it is the one that
 * the key draws, so that nobody picked it. The pixels are left to `verifyPixels`.
 *
 * @param manifestBytes - the bytes of the manifest's file: JSON, UTF-8
 * @returns the manifest
 * @throws VerificationError saying what does not hold
 */
export function verifyPublication(commitment: string, key: MarkingKey, manifestBytes: Uint8Array): CommittedManifest {
  if (!verifyCommitment(commitment, key, manifestBytes)) {
    throw new VerificationError(
      `carriers: the commitment ${commitment} is not to key ${key.keyId} and this manifest; ` +
        'find the key and the manifest as they were before the release',
    );
  }
  const manifest = JSON.parse(Buffer.from(manifestBytes).toString('utf8')) as CommittedManifest;
  if (manifest.keyId !== key.keyId) {
    throw new VerificationError(`carriers: the manifest names key ${manifest.keyId}, the key is ${key.keyId}`);
  }
  const { carrierUnit, versions } = manifest;
  for (const { row, label, published } of manifest.images) {
    const drawn = publishedVersion(key, { ...carrierGroup(carrierUnit, { row, label }), versions });
    if (published !== drawn) {
      throw new VerificationError(
        `carriers: the manifest says that version ${published} of row ${row} was published, but the key drew ${drawn}`,
      );
    }
  }
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
