import { CancellationScope, startChild, workflowInfo } from '@temporalio/workflow';
import type { StudiedExperiment } from '@radiotracer/report';
import { experiment } from './experiment.ts';
import type { ExperimentInput } from './inputs.ts';
import type { Pause } from './pause.ts';
import { pauseSignal, resumeSignal, type ExperimentProgress, type StepProgress } from './progress.ts';

type Outcome = Pick<StudiedExperiment, 'report' | 'failure'>;

/** The experiments of a study, each a child workflow that is paused and resumed with it. */
export class Experiments {
  readonly #running = new Map<string, string>();
  readonly #startedAt = new Date().toISOString();
  #finishedAt = '';
  #begun: number;
  #done: number;
  #failed: number;

  /** @param finished - those that ended before, of `total` */
  constructor(
    readonly pause: Pause,
    readonly total: number,
    finished: readonly Outcome[],
  ) {
    this.#begun = this.#done = finished.length;
    this.#failed = finished.filter(({ failure }) => failure !== undefined).length;
  }

  /**
   * Runs the next experiment to its end.
   *
   * @returns its report, or the line that says why it failed; undefined if it was cancelled with the study
   */
  async run(label: string, input: ExperimentInput): Promise<Outcome | undefined> {
    const workflowId = `${workflowInfo().workflowId}-${++this.#begun}`;
    this.#running.set(workflowId, label);
    const outcome = await this.#outcome(workflowId, input);
    this.#running.delete(workflowId);
    if (outcome === undefined) return undefined;
    this.#done++;
    if (outcome.failure !== undefined) this.#failed++;
    if (this.#done === this.total) this.#finishedAt = new Date().toISOString();
    return outcome;
  }

  async #outcome(workflowId: string, input: ExperimentInput): Promise<Outcome | undefined> {
    try {
      const child = await startChild(experiment, { workflowId, args: [input] });
      const ignored = (): undefined => undefined; // it has ended meanwhile, and is told of nothing any more
      const running = {
        pause: () => void child.signal(pauseSignal).catch(ignored),
        resume: () => void child.signal(resumeSignal).catch(ignored),
      };
      this.pause.add(running);
      const { report } = await child.result().finally(() => this.pause.delete(running));
      return { report };
    } catch (error) {
      if (CancellationScope.current().consideredCancelled) return undefined;
      return { failure: innermost(error as Error).message };
    }
  }

  /** Label of each that runs. */
  get running(): NonNullable<ExperimentProgress['children']> {
    return [...this.#running].map(([workflowId, label]) => ({ workflowId, label }));
  }

  get progress(): StepProgress {
    const isDone = this.#done === this.total;
    return {
      name: 'experiments',
      stage: 'experiment',
      state: isDone ? 'done' : 'running',
      startedAt: this.#startedAt,
      ...(isDone && { finishedAt: this.#finishedAt }),
      progress: {
        done: this.#done,
        total: this.total,
        unit: 'experiments',
        ratePerSecond: 0,
        ...(this.#failed > 0 && { detail: { failed: this.#failed } }),
      },
    };
  }
}

function innermost(error: Error): Error {
  return error.cause instanceof Error ? innermost(error.cause) : error;
}
