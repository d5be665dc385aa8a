import type { Artifact, Progress } from '@radiotracer/store';
import type { StageInput, StageName, Where } from '@radiotracer/workflows';

/** A stage to be run on an input. */
export interface StageJob<Name extends StageName = StageName> extends Where {
  readonly stage: Name;
  readonly input: StageInput<Name>;
}

/** The one message to the child. */
export interface ChildJob extends StageJob {
  /** The child ends itself when this is no longer its parent. */
  readonly parentPid: number;
  /** URL of the module that exports `stages`, see `stages.ts`. */
  readonly stagesModule: string;
}

/** What the child tells: progress any number of times, then how it ended. */
export type ChildMessage =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'done'; readonly artifact: Artifact }
  | { readonly type: 'failed'; readonly name: string; readonly message: string; readonly retryable: boolean };
