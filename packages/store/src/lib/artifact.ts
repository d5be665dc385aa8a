/**
 * A reference to what a stage left behind: a folder of files in the run store. Small enough for a workflow's payload.
 *
 * @typeParam Facts - what its stage says about it, see `Stage`
 */
export interface Artifact<Facts = unknown> {
  /** Name of the stage that made it. */
  readonly stage: string;
  /** Hex SHA-256 of what made it: stage name, stage version and input, as canonical JSON. */
  readonly key: string;
  /** Hex SHA-256 of its `manifest.json`, which lists the SHA-256 and size of every file. */
  readonly sha256: string;
  readonly facts: Facts;
}

/** Whether a JSON value is a reference to an artefact. */
export function isArtifact(value: unknown): value is Artifact {
  return typeof value === 'object' && value !== null && 'stage' in value && 'key' in value && 'sha256' in value;
}
