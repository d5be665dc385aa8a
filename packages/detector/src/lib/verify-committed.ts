import { setImmediate } from 'node:timers/promises';

import { type MarkingKey, VerificationError, verifyPixels, verifyPublication } from '@radiotracer/carriers';
import type { ImageShards } from '@radiotracer/corpus';
import type { PublicationManifest } from '@radiotracer/marker';

import type { ExtractEvidenceInput } from './types.ts';

/**
 * Reads a publication's manifest, and checks that it and the marking network are what was committed to before the
 * release, and that the key drew the versions that it calls published.
 *
 * @param manifestBytes - of the manifest's file
 * @throws VerificationError saying what does not hold
 */
export function verifyManifest(
  { publication, markingNetwork }: Pick<ExtractEvidenceInput, 'publication' | 'markingNetwork'>,
  key: MarkingKey,
  manifestBytes: Uint8Array,
): PublicationManifest {
  const manifest = verifyPublication(publication.facts.commitment, key, manifestBytes) as PublicationManifest;
  const { weightsSha256 } = markingNetwork.facts;
  if (weightsSha256 !== manifest.markingNetworkSha256) {
    throw new VerificationError(
      `detector: the marking network has weights of SHA-256 ${weightsSha256}, ` +
        `committed was ${manifest.markingNetworkSha256}`,
    );
  }
  return manifest;
}

/**
 * Checks every version of every marked image, published ones and decoys, against the manifest.
 *
 * @param versions - [n · V] images, the versions of an image one after the other
 * @throws VerificationError naming row and version
 */
export async function verifyVersions(
  { images, versions: perImage }: PublicationManifest,
  versions: ImageShards,
  signal: AbortSignal,
): Promise<void> {
  if (versions.count !== images.length * perImage) {
    throw new VerificationError(
      `detector: there are ${versions.count} versions, committed were ${perImage} of each of ${images.length} images`,
    );
  }
  for (const [i, image] of images.entries()) {
    for (let v = 0; v < perImage; v++) verifyPixels(image, v, versions.read([i * perImage + v]));
    await setImmediate(); // lets messages and signals in
    signal.throwIfAborted();
  }
}
