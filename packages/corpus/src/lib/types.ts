import type { Artifact } from '@radiotracer/store';

/** Where a corpus is found: in a folder outside the store (`locations.corpus`, named by its digest), or in an artefact. */
export type CorpusSource =
  | { readonly digest: string }
  | { readonly artifact: Artifact; /** Folder inside the artefact, such as `published`. */ readonly folder: string };

/** Input of the `ingest` stage. */
export interface IngestInput {
  readonly source: CorpusSource;
  readonly split: string;
  /** Size of the decoded images; by default that of the corpus, whose images must then all be alike. */
  readonly height?: number;
  readonly width?: number;
}

/** What is known of decoded shards without opening them. */
export interface ShardsFacts {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly classNames: readonly string[];
  readonly shards: number;
}

/** Input of the `generate` stage: the corpus that is made by a formula. */
export interface GenerateInput {
  readonly classes: number;
  readonly trainImages: number;
  readonly testImages: number;
  /** Height and width in pixels. */
  readonly size: number;
  readonly seed: number;
}

export interface GeneratedFacts extends GenerateInput {
  readonly digest: string;
}
