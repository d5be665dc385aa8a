import type { EpochLog } from './epoch-log.ts';
import type { EventFile } from './event-file.ts';

/** Steps of which one event gives the means: enough of them for a plot, few enough for a training of days. */
const stepsPerEvent = 10;

/** Of one step, or of some: sums over their images, the time that they took, and the rate of the last. */
export interface StepSums {
  readonly images: number;
  readonly loss: number;
  readonly correct: number;
  readonly seconds: number;
  readonly learningRate: number;
}

const none: StepSums = { images: 0, loss: 0, correct: 0, seconds: 0, learningRate: 0 };

/**
 * A training as TensorBoard shows it, against the step: `train/loss` and `train/accuracy`, means since the event before;
 * `learning_rate`; `images_per_second`, without evaluation and checkpoints; after each epoch `test/loss` and
 * `test/accuracy`. Losses are in nats, accuracies in [0, 1].
 */
export class TrainingEvents {
  private sums = none;

  constructor(private readonly file: EventFile) {}

  /**
   * @param step - steps done with this one
   * @param isSaved - whether a checkpoint follows: the event must not tell of steps on both sides of it
   */
  async addStep(step: number, sums: StepSums, isSaved: boolean): Promise<void> {
    this.sums = {
      images: this.sums.images + sums.images,
      loss: this.sums.loss + sums.loss,
      correct: this.sums.correct + sums.correct,
      seconds: this.sums.seconds + sums.seconds,
      learningRate: sums.learningRate,
    };
    if (!isSaved && step % stepsPerEvent !== 0) return;
    const { images, loss, correct, seconds, learningRate } = this.sums;
    this.sums = none;
    await this.file.write(step, {
      'train/loss': loss / images,
      'train/accuracy': correct / images,
      learning_rate: learningRate,
      images_per_second: images / seconds,
    });
  }

  async addEpoch(step: number, { testLoss, testAccuracy }: EpochLog): Promise<void> {
    await this.file.write(step, { 'test/loss': testLoss, 'test/accuracy': testAccuracy });
  }
}
