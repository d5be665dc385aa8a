import type { Artifact } from './artifact.ts';
import type { Description } from './description.ts';
import type { Manifest, RunRecord } from './manifest.ts';

/** What names an artefact, made or not. */
export type ArtifactName = Pick<Artifact, 'stage' | 'key'>;

/** Where artefacts are kept, as `runStage` and readers see it: a folder (`RunStore`), or a bucket with a cache. */
export interface Store {
  /** Absolute path of the folder of this machine in which stages run: the store's own, or its cache. */
  readonly root: string;
  /**
   * The artefact under a key, if it is there with all its files in their sizes. Of content only that of manifest and run
   * record is checked: `verify` reads the rest.
   */
  find(stage: string, key: string): Promise<Artifact | undefined>;
  /** Every artefact that `find` finds, by stage and key. */
  list(): Promise<Artifact[]>;
  /**
   * A folder of this machine with the artefact's files, each checked against its SHA-256.
   *
   * @throws MissingArtifactError, CorruptArtifactError
   */
  verify(artifact: Artifact): Promise<string>;
  /**
   * What made an artefact, what it consists of, and when and where it was made.
   *
   * @throws MissingArtifactError, CorruptArtifactError
   */
  describe(artifact: Artifact): Promise<Description>;
  /** Removes an artefact, a corrupt one for example, so that its stage makes it anew. Does nothing if it is not there. */
  drop(artifact: ArtifactName): Promise<void>;
  /** Waits for the right to make an artefact; rejects with the signal's reason when aborted. */
  claim(artifact: ArtifactName, signal: AbortSignal): Promise<Claim>;
  /**
   * Makes what lies in a folder the artefact of `made`. What lies there already is replaced, unless another process was
   * faster: then its artefact is the one.
   *
   * @param expected - hex SHA-256 that the artefact must have; if it has another, what lies there stays
   * @throws InvalidStageError if the folder holds one of the reserved files, or something that is not a file;
   *   CorruptArtifactError if the artefact is not the expected one
   */
  commit(folder: string, made: Omit<Manifest, 'files'>, record: RunRecord, expected?: string): Promise<Artifact>;
}

/** What a working folder keeps from one attempt to the next, on whatever machine. */
export const keptNames = ['scratch', 'machines.json'] as const;

/** The right to make one artefact, held by one process at a time among all that share the store. */
export interface Claim {
  /** The working folder, on this machine: `output-<attempt>/`, and what is kept for the next attempt: `keptNames`. */
  readonly folder: string;
  /** 1, and 1 more for each earlier owner. */
  readonly attempt: number;
  /** Aborted with a `LockLostError` when another process took over. */
  readonly lost: AbortSignal;
  /** Throws LockLostError if another process took over. */
  assertHeld(): Promise<void>;
  /** Removes the working folder, and what the store keeps of it: once the artefact is there. */
  discard(): Promise<void>;
  /** Lets the next one in. */
  release(): Promise<void>;
}
