import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import {
  type MarkingKey,
  VerificationError,
  verifyPixels,
  verifyPublication,
  type PublicationManifest,
} from '@radiotracer/carriers';
import type { ImageShards } from '@radiotracer/corpus';

import type { ExtractEvidenceInput } from './types.ts';

/**
 * Reads the manifest in the folder of a publication, and checks that it is what was committed to before the release, and
 * that the key drew the versions that it calls published.
 *
 * @throws VerificationError saying what does not hold
 */
export async function readCommitted(folder: string, commitment: string, key: MarkingKey): Promise<PublicationManifest> {
  const bytes = await readFile(join(folder, 'private', 'manifest.json'));
  return verifyPublication(commitment, key, bytes);
}

/** @throws VerificationError if the marking network is not the one that was committed to */
export function verifyMarkingNetwork(
  { markingNetworkSha256 }: PublicationManifest,
  { facts: { weightsSha256 } }: ExtractEvidenceInput['markingNetwork'],
): void {
  if (weightsSha256 === markingNetworkSha256) return;
  throw new VerificationError(
    `detector: the marking network has weights of SHA-256 ${weightsSha256}, committed was ${markingNetworkSha256}`,
  );
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
  signal?: AbortSignal,
): Promise<void> {
  if (versions.count !== images.length * perImage) {
    throw new VerificationError(
      `detector: there are ${versions.count} versions, committed were ${perImage} of each of ${images.length} images`,
    );
  }
  for (const [i, image] of images.entries()) {
    for (let v = 0; v < perImage; v++) verifyPixels(image, v, versions.read([i * perImage + v]));
    await setImmediate(); // lets messages and signals in
    signal?.throwIfAborted();
  }
}
