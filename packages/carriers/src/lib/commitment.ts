import { createHash, timingSafeEqual } from 'node:crypto';
import type { MarkingKey } from './marking-key.ts';

const DOMAIN = 'radiotracer/v1/commitment';

/**
 * Commitment to a key and a manifest, to be published or time-stamped before the release.
 *
 *   HMAC-SHA256(key, ASCII "radiotracer/v1/commitment" ‖ 0x00 ‖ SHA-256(manifest))
 *
 * Hiding: without the 256-bit key it tells nothing of the manifest. Binding: another key (keys have one length) or
 * another manifest with the same commitment would be a collision of SHA-256.
 *
 * @param manifest - the bytes of the manifest's file; one changed bit, even in white space, is another manifest
 * @returns hex, 64 digits
 */
export function commit(key: MarkingKey, manifest: Uint8Array): string {
  const digest = createHash('sha256').update(manifest).digest();
  const message = Buffer.concat([Buffer.from(`${DOMAIN}\0`, 'ascii'), digest]);
  return Buffer.from(key.hmac(message)).toString('hex');
}

/** Whether a commitment is to this key and this manifest. */
export function verifyCommitment(commitment: string, key: MarkingKey, manifest: Uint8Array): boolean {
  const found = Buffer.from(commit(key, manifest), 'ascii');
  const published = Buffer.from(commitment, 'ascii');
  return found.length === published.length && timingSafeEqual(found, published);
}
