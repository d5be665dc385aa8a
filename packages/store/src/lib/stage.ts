import type { Artifact } from './artifact.ts';

/** How far a stage has come; `done` and `total` count `unit`s ("images", "steps"). */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  /** Short facts worth showing beside the bar, such as `{ epoch: 3, loss: 1.42 }`. */
  readonly detail?: Readonly<Record<string, number | string>>;
}

/** What a running stage may use. It holds nothing of Temporal, of the command line or of the environment. */
export interface StageContext {
  /** An empty folder; what the stage writes here becomes the artefact, all of it or nothing. */
  readonly outputDir: string;
  /** A folder that outlives a crash (checkpoints go here) and is removed once the artefact is committed. */
  readonly scratchDir: string;
  /**
   * A folder for what people watch while the stage runs, and look at later. No part of the artefact, which it outlives; the
   * stage makes it, and may find what an earlier attempt left.
   */
  readonly logDir: string;
  /**
   * Where inputs lie that are not artefacts, such as `{ corpus: '/data/cifar10', key: '/safe/key' }`. Not part of the
   * artefact's identity: the input names their content by a digest.
   */
  readonly locations: Readonly<Record<string, string>>;
  /** Folder of an artefact, after every file in it was checked against its SHA-256. Throws `CorruptArtifactError`. */
  open(artifact: Artifact): Promise<string>;
  /** Tells how far the stage has come; cheap, call it at every step. */
  report(progress: Progress): void;
  /** Aborted when the stage should stop; `signal.throwIfAborted()` between steps. */
  readonly signal: AbortSignal;
}

/**
 * One long piece of work: deterministic in its input, safe to run again. The same stage runs directly, in a test, or
 * inside the child process of a Temporal activity.
 *
 * @typeParam Input - JSON: settings, digests and artefacts; all of it makes the artefact's key
 * @typeParam Facts - JSON: what later stages and people need to know at once; small, deterministic, without secrets
 */
export interface Stage<Input, Facts> {
  readonly name: string;
  /** Raised by hand when the same input would give another output. */
  readonly version: number;
  run(input: Input, context: StageContext): Promise<Facts>;
}
