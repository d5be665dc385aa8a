import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Artifact, Progress } from '@radiotracer/store';

/** How far a running stage has come, and how fast. */
export interface RunningProgress extends Progress {
  /** Units per second since the stage began to count this unit; 0 until a rate is known. */
  readonly ratePerSecond: number;
  /** Until `total`, at that rate; absent until a rate is known. */
  readonly secondsLeft?: number;
}

/** What the activity of a running stage tells once a second. */
export interface Heartbeat {
  /** Absent until the stage has told some. */
  readonly progress?: RunningProgress;
  /** Since the stage last told progress, or else since it began. */
  readonly secondsSinceProgress: number;
}

/**
 * From so long without progress on, people are told that a stage stands still. Nothing is done about it: a disk that
 * does not answer cannot be told from the check of an input of hundreds of gigabytes.
 */
export const standstillSeconds = 300;

/** One step of a workflow: a stage with its input. */
export interface StepProgress {
  /** Unique within the workflow, such as `train-suspect`; also the id of its activity, see `Steps.addParts`. */
  readonly name: string;
  /** Such as `trainNetwork`. */
  readonly stage: string;
  /** `waiting`: for other steps, for a free worker, or because the workflow is paused. */
  readonly state: 'waiting' | 'running' | 'done';
  /** ISO 8601, of the last start. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** Of a step that runs in several parts at once: how many are done. */
  readonly parts?: { readonly done: number; readonly total: number };
  /** What it made, when done and not in parts; the `facts` are worth showing. */
  readonly artifact?: Artifact;
  /** While running, of all parts that run, see `readProgress`. */
  readonly progress?: RunningProgress;
  /** While running: since its stage last told progress; of several parts, of the one that has told none for longest. */
  readonly secondsSinceProgress?: number;
  /** Which attempt runs or is waited for, from 1; more than 1 after a crash. */
  readonly attempt?: number;
  /** Why the attempt before this one failed. */
  readonly lastFailure?: string;
}

export interface ExperimentProgress {
  readonly paused: boolean;
  /** In the order in which they were declared, which is one in which they could run. */
  readonly stages: readonly StepProgress[];
  /** Workflows that run on behalf of this one; `readProgress` adds their running steps to the stages. */
  readonly children?: readonly { readonly workflowId: string; readonly label: string }[];
}

/** Stops what runs, keeping its checkpoints, until `resume`. Twice is as good as once. */
export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');

/** Steps and their states; `readProgress` adds how far the running ones have come. */
export const progressQuery = defineQuery<ExperimentProgress>('progress');
