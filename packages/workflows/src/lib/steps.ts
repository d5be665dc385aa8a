import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  setHandler,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { Activities, StageArtifact, StageInput, StageName, StageRequest, Where } from './activities.ts';
import { atMost } from './at-most.ts';
import { Pause } from './pause.ts';
import { progressQuery, type ExperimentProgress } from './progress.ts';
import { stageVersions } from './stage-versions.ts';
import { StepTracker } from './step-tracker.ts';
import { workerStopped } from './worker-stopped.ts';

const options: ActivityOptions = {
  // A stage may take days; that its worker lives is what the heartbeats, one a second, tell.
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '30 seconds',
  // The next attempt works in the same folder, so the child process of this one has to be gone first.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // About four minutes of trying, for a crash that a person must mend; what cannot be mended by trying is not retried.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 10 },
};

/**
 * Parts of a step that are handed to the workers at once. A server refuses a message of 4 MiB, which is what would bring
 * all parts to it, and the input of a part of ImageNet has 60 kB: the names of a thousand classes, twice.
 */
const PARTS_AT_ONCE = 32;

/**
 * The steps of one workflow run: each runs a stage in an activity as soon as its input is there, and all of them can
 * be paused, resumed and asked for their progress. Pausing cancels the running activities, whose scratch folders keep
 * their checkpoints; resuming starts them again.
 */
export class Steps {
  readonly #steps: StepTracker[] = [];
  readonly #where: Where;
  readonly #pause: Pause;

  constructor({ store, locations }: Where, pause: Pause = new Pause()) {
    this.#where = { store, locations };
    this.#pause = pause;
    setHandler(progressQuery, () => this.progress);
  }

  get progress(): ExperimentProgress {
    return { paused: this.#pause.isOn, stages: this.#steps.map(({ progress }) => progress) };
  }

  /**
   * Declares a step, to run when `input` resolves. Declare all steps of a workflow before awaiting any, so that
   * progress shows those to come.
   *
   * @param name - unique within the workflow; also the id of the activity
   * @param input - awaits the artefacts that the stage needs; fails with the step that fails
   */
  add<Name extends StageName>(
    name: string,
    stage: Name,
    input: () => Promise<StageInput<Name>>,
  ): Promise<StageArtifact<Name>> {
    const parts = this.addParts(name, stage, async () => [await input()]);
    return seenByOthers(parts.then(([artifact]) => artifact as StageArtifact<Name>));
  }

  /**
   * Declares a step that runs a stage on several inputs at once, on as many workers as are free, up to
   * `PARTS_AT_ONCE`. The id of the activity of part n, from 1, is `<name>-<n>`; that of the only part is `name`.
   */
  addParts<Name extends StageName>(
    name: string,
    stage: Name,
    inputs: () => Promise<readonly StageInput<Name>[]>,
  ): Promise<readonly StageArtifact<Name>[]> {
    if (this.#steps.some((step) => step.name === name)) {
      throw ApplicationFailure.nonRetryable(`workflows: two steps are named ${name}; give the models different names`);
    }
    const step = new StepTracker(name, stage);
    this.#steps.push(step);
    const run = async (): Promise<StageArtifact<Name>[]> => {
      const parts = await inputs();
      step.total = parts.length;
      const idOf = (part: number): string => (parts.length === 1 ? name : `${name}-${part + 1}`);
      return atMost(PARTS_AT_ONCE, parts, (input, part) => this.#run(step, idOf(part), stage, input));
    };
    return seenByOthers(run());
  }

  async #run<Name extends StageName>(
    step: StepTracker,
    activityId: string,
    stage: Name,
    input: StageInput<Name>,
  ): Promise<StageArtifact<Name>> {
    const activities = proxyActivities<Activities>({ ...options, activityId });
    const run = activities[stage] as (request: StageRequest<Name>) => Promise<StageArtifact<Name>>;
    for (;;) {
      await this.#pause.isOver();
      step.start();
      const scope = new CancellationScope();
      const running = { pause: () => scope.cancel() };
      this.#pause.add(running);
      try {
        const artifact = await scope.run(() => run({ ...this.#where, version: stageVersions[stage], input }));
        step.finish(artifact);
        return artifact;
      } catch (error) {
        step.stop();
        const isPause = isCancellation(error) && !CancellationScope.current().consideredCancelled;
        if (!isPause && !isWorkerStop(error)) throw error;
      } finally {
        this.#pause.delete(running);
      }
    }
  }
}

/** The steps that need a result see its failure, and so does the workflow, which awaits them all; nobody else has to. */
function seenByOthers<T>(result: Promise<T>): Promise<T> {
  result.catch(() => undefined);
  return result;
}

/** Whether the activity ended as its worker was told to stop. A history in which that was the last retry still fails. */
function isWorkerStop(error: unknown): boolean {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return false;
  return error.cause.type === workerStopped && error.retryState === 'NON_RETRYABLE_FAILURE';
}
