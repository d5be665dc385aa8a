import type { Artifact } from '@radiotracer/store';

/** Input of the `writeReport` stage: every artefact of an experiment. */
export interface WriteReportInput {
  readonly title: string;
  readonly settings: unknown;
  readonly versions: Artifact;
  readonly publication: Artifact;
  /** The clean corpus, for the originals of marked images. */
  readonly train: Artifact;
  readonly markingNetwork: Artifact;
  readonly models: readonly { readonly name: string; readonly network: Artifact; readonly evidence: Artifact; readonly verdict: Artifact }[];
}
