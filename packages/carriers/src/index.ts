/**
 * The secret key of a publisher and all that follows from it: which images are marked, along which carriers, which
 * version is published; and the commitment that proves later that all this was fixed before the release.
 */
export { candidatesDigest } from './lib/candidates.ts';
export type { CandidateImage, Candidates } from './lib/candidates.ts';
export { carrier, carrierGroup } from './lib/carrier.ts';
export type { CarrierGroup, CarrierOptions } from './lib/carrier.ts';
export { chooseImages } from './lib/choose-images.ts';
export { classShares } from './lib/class-shares.ts';
export type { ChoiceOptions } from './lib/class-shares.ts';
export { commit, verifyCommitment } from './lib/commitment.ts';
export { beaconPattern, beaconRoundPattern, beaconText, drawPublished } from './lib/draw-published.ts';
export { InvalidArgumentError, KeyFileError, VerificationError } from './lib/errors.ts';
export { generateKey, readKey } from './lib/key-file.ts';
export { MarkingKey } from './lib/marking-key.ts';
export { SecretStream } from './lib/secret-stream.ts';
export { pixelsSha256, verifyPixels, verifyPublication } from './lib/verify-publication.ts';
export type { ManifestImage, PublicationManifest } from './lib/verify-publication.ts';
