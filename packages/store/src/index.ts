/**
 * Artefacts under the hash of what made them, and the stages that make them.
 *
 * A stage is a deterministic function from a JSON input to a folder of files. `runStage` runs it at most once for each
 * input, whoever asks, and survives crashes at any point; `RunStore` holds the artefacts and checks them.
 */
export { isArtifact } from './lib/artifact.ts';
export type { Artifact } from './lib/artifact.ts';
export { writeFileAtomic } from './lib/atomic-file.ts';
export { canonicalJson } from './lib/canonical-json.ts';
export {
  CorruptArtifactError,
  InvalidStageError,
  LockLostError,
  MissingArtifactError,
  S3RefusedError,
  S3UnavailableError,
  StorageError,
  StoreLocationError,
} from './lib/errors.ts';
export { inTurn } from './lib/in-turn.ts';
export type { Machine } from './lib/machine.ts';
export type { Manifest, RunRecord } from './lib/manifest.ts';
export { openStore } from './lib/open-store.ts';
export { findPart, makePart } from './lib/part.ts';
export type { Part } from './lib/part.ts';
export { isRunning, thisProcess } from './lib/process-identity.ts';
export type { ProcessIdentity } from './lib/process-identity.ts';
export { remember } from './lib/remember.ts';
export { runStage } from './lib/run-stage.ts';
export type { RunStageOptions } from './lib/run-stage.ts';
export { RunStore } from './lib/run-store.ts';
export { isS3, requireCache, s3CacheFolder } from './lib/s3/location.ts';
export { readSealed, writeSealed } from './lib/sealed-file.ts';
export { sha256, sha256File } from './lib/sha256.ts';
export { StageLock } from './lib/stage-lock.ts';
export { startThread } from './lib/start-thread.ts';
export type { ArtifactName, Claim, Store } from './lib/store.ts';
export type { Progress, Stage, StageContext } from './lib/stage.ts';
export { syncTree } from './lib/sync.ts';
