import { createHash } from 'node:crypto';
import type { CarrierGroup } from './carrier.ts';

const DOMAIN = 'radiotracer/v1/candidates';

/** One marked image before the draw. */
export interface CandidateImage {
  readonly row: number;
  readonly label: number;
  /** `pixelsSha256` of each version. */
  readonly versionSha256: readonly string[];
}

/** What a publisher draws from: all that the decoy test rests on, as it was before the draw. */
export interface Candidates {
  readonly keyId: string;
  readonly split: string;
  /** By label. An answer with the name of a class is judged by its place here. */
  readonly classNames: readonly string[];
  /** Of every version, in pixels. */
  readonly height: number;
  readonly width: number;
  /** Of the weights' file, whose tensors tell the architecture. The network's losses enter the decoy test. */
  readonly markingNetworkSha256: string;
  readonly versions: number;
  readonly carrierUnit: CarrierGroup['unit'];
  readonly images: readonly CandidateImage[];
}

/**
 * Digest of what is drawn from. As the draw depends on it, neither versions nor marking network can be made to suit
 * a draw: with any other the draw is another.
 *
 *   SHA-256(ASCII "radiotracer/v1/candidates" ‖ 0x00 ‖ JSON of [keyId, split, classNames, height, width,
 *   markingNetworkSha256, carrierUnit, versions, [[row, label, versionSha256], …]], without spaces, in UTF-8)
 *
 * It can be made public before the draw: who lacks decoys and key learns nothing from it.
 *
 * @returns hex, 64 digits
 */
export function candidatesDigest(candidates: Candidates): string {
  const { keyId, split, classNames, height, width, markingNetworkSha256, carrierUnit, versions } = candidates;
  const images = candidates.images.map(({ row, label, versionSha256 }) => [row, label, versionSha256]);
  const corpus = [keyId, split, classNames, height, width];
  const content = JSON.stringify([...corpus, markingNetworkSha256, carrierUnit, versions, images]);
  return createHash('sha256').update(`${DOMAIN}\0${content}`, 'utf8').digest('hex');
}
