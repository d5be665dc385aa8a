import type { Artifact } from '@radiotracer/store';
import type { StepProgress } from './progress.ts';

/** How far a step has come, which may run in several parts. */
export class StepTracker {
  /** How many parts there are; known when they are there. */
  total = 1;
  #running = 0;
  #done = 0;
  #startedAt = '';
  #finishedAt = '';
  #artifact: Artifact | undefined;

  constructor(
    readonly name: string,
    readonly stage: string,
  ) {}

  /** A part has been handed to the workers. */
  start(): void {
    if (this.#running++ === 0) this.#startedAt = new Date().toISOString();
  }

  /** A part runs no longer, and is not done. */
  stop(): void {
    this.#running--;
  }

  finish(artifact: Artifact): void {
    this.#running--;
    this.#done++;
    this.#artifact = artifact;
    this.#finishedAt = new Date().toISOString();
  }

  get progress(): StepProgress {
    const state = this.#done === this.total ? 'done' : this.#running > 0 ? 'running' : 'waiting';
    return {
      name: this.name,
      stage: this.stage,
      state,
      ...(state !== 'waiting' && { startedAt: this.#startedAt }),
      ...(state === 'done' && { finishedAt: this.#finishedAt }),
      ...(this.total > 1 && { parts: { done: this.#done, total: this.total } }),
      ...(state === 'done' && this.total === 1 && this.#artifact && { artifact: this.#artifact }),
    };
  }
}
