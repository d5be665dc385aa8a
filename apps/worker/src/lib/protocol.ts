import type { Artifact, Progress } from '@radiotracer/store';
import type { StageInput, StageName, Where } from '@radiotracer/workflows';

/** A stage to be run on an input. */
export interface StageJob<Name extends StageName = StageName> extends Where {
  readonly stage: Name;
  /** Of the stage that the workflow means; a program of another version would make another artefact. */
  readonly version: number;
  readonly input: StageInput<Name>;
}

/** The one message to the child. */
export interface ChildJob extends StageJob {
  /** For a store in a bucket: see `openStore`. */
  readonly cache?: string;
  /** The child ends itself when this is no longer its parent. */
  readonly parentPid: number;
  /** URL of the module that exports `stages`, see `stages.ts`. */
  readonly stagesModule: string;
}

/** What the child tells: that it lives, once a second, and progress, any number of times; then how it ended. */
export type ChildMessage =
  | { readonly type: 'alive' }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly artifact: Artifact }
  | { readonly type: 'failed'; readonly name: string; readonly message: string; readonly retryable: boolean };
