import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { ImageShards } from '@radiotracer/corpus';
import { FrozenNetwork, initialParameters, type Parameters, tf, trainingPass } from '@radiotracer/nets';
import type { Progress, Stage, StageContext } from '@radiotracer/store';

import { augmentedBatch, epochOrder, stepsPerEpoch } from './batches.ts';
import { type Checkpoint, loadCheckpoint, type Position, saveCheckpoint } from './checkpoint.ts';
import { teacherTargets } from './distill.ts';
import { DivergenceError } from './errors.ts';
import type { EpochLog } from './epoch-log.ts';
import { evaluate } from './evaluate.ts';
import { EventFile } from './event-file.ts';
import { openNetwork, readNetwork, writeNetwork } from './network-files.ts';
import { learningRateAt } from './schedule.ts';
import { Sgd } from './sgd.ts';
import { type StepSums, TrainingEvents } from './training-events.ts';
import { checkCorpus, checkOtherNetworks, checkTrainingSettings } from './training-settings.ts';
import type { NetworkFacts, TrainNetworkInput } from './types.ts';

/**
 * Trains a network and leaves `weights.safetensors`, `network.json` and `log.jsonl` (an `EpochLog` a line); and in the
 * folder for logs, `events.tfevents`, which TensorBoard shows while it trains.
 *
 * Order, augmentation and weights are functions of the seed, and checkpoints hold all that changes, so a run that was
 * stopped anywhere ends with the same bits as one that was not (same machine type, thread count and TensorFlow).
 */
export const trainNetwork: Stage<TrainNetworkInput, NetworkFacts> = {
  name: 'trainNetwork',
  version: 2,
  async run(input, context) {
    checkTrainingSettings(input.training);
    checkOtherNetworks(input);
    const folders = { train: await context.open(input.train), test: await context.open(input.test) };
    const train = await ImageShards.open(folders.train);
    const test = await ImageShards.open(folders.test);
    const { start, distillation } = input;
    let teacher: FrozenNetwork | undefined;
    try {
      checkCorpus(input.training, train, test);
      const startFolder = start && (await context.open(start));
      teacher = distillation && openNetwork(await context.open(distillation.teacher));
      const others = { startFolder, teacher };
      const file = join(context.scratchDir, 'checkpoint.sealed');
      const checkpoint = await loadCheckpoint(file);
      const events = await EventFile.open(join(context.logDir, EVENTS), checkpoint?.position.eventBytes ?? 0);
      try {
        return await new Training(input, context, train, test, file, events, checkpoint, others).run();
      } finally {
        await events.close();
      }
    } finally {
      teacher?.dispose();
      train.close();
      test.close();
    }
  },
};

/** TensorBoard looks for files whose names hold "tfevents". */
const EVENTS = 'events.tfevents';

/** Networks that a training begins with or learns from. */
interface OtherNetworks {
  readonly startFolder: string | undefined;
  readonly teacher: FrozenNetwork | undefined;
}

const START: Position = { step: 0, log: [], lossSum: 0, correct: 0 };

class Training {
  /** As the optimiser left them, and the buffers. */
  private parameters: Parameters;
  private readonly optimizer: Sgd;
  private position: Position;
  private readonly stepsPerEpoch: number;
  private readonly events: TrainingEvents;

  constructor(
    private readonly input: TrainNetworkInput,
    private readonly context: StageContext,
    private readonly train: ImageShards,
    private readonly test: ImageShards,
    private readonly checkpointFile: string,
    private readonly eventFile: EventFile,
    checkpoint: Checkpoint | undefined,
    private readonly others: OtherNetworks,
  ) {
    const { training } = input;
    this.stepsPerEpoch = stepsPerEpoch(train.count, training.batchSize);
    this.parameters = checkpoint?.parameters ?? this.firstParameters();
    this.optimizer = checkpoint
      ? new Sgd(training, this.parameters, checkpoint.velocities)
      : Sgd.atRest(training, this.parameters);
    tf.dispose(checkpoint?.velocities ?? {});
    this.position = checkpoint?.position ?? START;
    this.events = new TrainingEvents(eventFile);
  }

  async run(): Promise<NetworkFacts> {
    try {
      const { architecture, training } = this.input;
      const { classNames } = this.train;
      this.report();
      for (let epoch = this.position.log.length + 1; epoch <= training.epochs; epoch++) await this.runEpoch(epoch);
      const { log } = this.position;
      const { testAccuracy, testLoss } = log.at(-1) as EpochLog;
      const { outputDir } = this.context;
      const weightsSha256 = await writeNetwork(outputDir, { architecture, classNames }, this.parameters);
      await writeFile(join(outputDir, 'log.jsonl'), log.map((line) => `${JSON.stringify(line)}\n`).join(''));
      return { architecture, classNames, epochs: training.epochs, testAccuracy, testLoss, weightsSha256 };
    } finally {
      tf.dispose(this.parameters);
      this.optimizer.dispose();
    }
  }

  private firstParameters(): Parameters {
    const { architecture, training } = this.input;
    const { startFolder } = this.others;
    if (startFolder !== undefined) return readNetwork(startFolder).parameters;
    return initialParameters(architecture, this.train.classNames.length, training.seed);
  }

  private async runEpoch(epoch: number): Promise<void> {
    const { training } = this.input;
    const order = epochOrder(training.seed, epoch, this.train.count);
    for (let step = this.position.step - (epoch - 1) * this.stepsPerEpoch; step < this.stepsPerEpoch; step++) {
      this.context.signal.throwIfAborted();
      const rows = order.subarray(step * training.batchSize, (step + 1) * training.batchSize);
      const start = performance.now();
      const done = await this.runStep(rows, epoch, step + 1);
      const seconds = (performance.now() - start) / 1000;
      const isLast = step + 1 === this.stepsPerEpoch; // the test that follows may be stopped
      const isSaved = isLast || this.position.step % training.checkpointEvery === 0;
      await this.events.addStep(this.position.step, { ...done, images: rows.length, seconds }, isSaved);
      if (isSaved) await this.save();
      await setImmediate(); // lets messages and signals in
    }
    const epochLog = await this.closeEpoch(epoch);
    this.position = { ...START, step: this.position.step, log: [...this.position.log, epochLog] };
    await this.events.addEpoch(this.position.step, epochLog);
    await this.save();
  }

  private async runStep(
    rows: Uint32Array,
    epoch: number,
    stepOfEpoch: number,
  ): Promise<Omit<StepSums, 'images' | 'seconds'>> {
    const { architecture, training, distillation: { temperature } = { temperature: 1 } } = this.input;
    const rate = learningRateAt(training, this.position.step, this.stepsPerEpoch);
    const batch = await augmentedBatch(this.train, rows, epoch, training);
    const { images, labels } = batch;
    const { teacher } = this.others;
    const targets = teacher ? teacherTargets(teacher, images, temperature) : batch.targets;
    const pass = trainingPass(architecture, this.parameters, images, targets, temperature);
    const losses = pass.loss.dataSync() as Float32Array;
    const loss = losses.reduce((a, b) => a + b, 0);
    const correct = tf.tidy(() => tf.sum(tf.equal(tf.argMax(pass.logits, 1), labels)).dataSync()[0] as number);
    if (!Number.isFinite(loss)) {
      tf.dispose([...Object.values(batch), targets, ...Object.values(pass)]);
      throw new DivergenceError(epoch, stepOfEpoch, loss);
    }
    tf.dispose(this.parameters); // before the step, which would have to copy what is still held
    this.optimizer.step(pass.gradients, rate);
    this.parameters = { ...this.parameters, ...this.optimizer.weights(), ...pass.buffers };
    tf.dispose([...Object.values(batch), targets, pass.loss, pass.logits]);
    tf.dispose(pass.gradients);
    this.position = {
      ...this.position,
      step: this.position.step + 1,
      lossSum: this.position.lossSum + loss,
      correct: this.position.correct + correct,
    };
    this.report({ epoch, loss: Number((loss / rows.length).toFixed(3)) });
    return { loss, correct, learningRate: rate };
  }

  private report(detail?: Progress['detail']): void {
    const { batchSize, epochs } = this.input.training;
    const [done, total] = [this.position.step * batchSize, epochs * this.stepsPerEpoch * batchSize];
    this.context.report({ done, total, unit: 'images', ...(detail && { detail }) });
  }

  private async closeEpoch(epoch: number): Promise<EpochLog> {
    const { architecture, training } = this.input;
    const network = FrozenNetwork.fold(architecture, this.parameters);
    const { accuracy, loss } = await evaluate(network, this.test, (tested) => {
      this.context.signal.throwIfAborted();
      this.report({ epoch, tested });
    }).finally(() => network.dispose());
    if (!Number.isFinite(loss)) throw new DivergenceError(epoch, this.stepsPerEpoch, loss); // by the epoch's last step
    const images = this.stepsPerEpoch * training.batchSize;
    return {
      epoch,
      trainLoss: this.position.lossSum / images,
      trainAccuracy: this.position.correct / images,
      testLoss: loss,
      testAccuracy: accuracy,
      learningRate: learningRateAt(training, this.position.step - 1, this.stepsPerEpoch),
    };
  }

  private async save(): Promise<void> {
    const position = { ...this.position, eventBytes: await this.eventFile.sync() };
    const { parameters } = this;
    const velocities = this.optimizer.velocities();
    await saveCheckpoint(this.checkpointFile, { parameters, velocities, position }).finally(() =>
      tf.dispose(velocities),
    );
  }
}
