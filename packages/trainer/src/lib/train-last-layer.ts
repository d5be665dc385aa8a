import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ImageShards } from '@radiotracer/corpus';
import { FrozenNetwork, lastLayer, softmaxCrossEntropy, tf } from '@radiotracer/nets';
import type { Stage } from '@radiotracer/store';

import { dpSgd, dpSgdSteps } from './dp-sgd.ts';
import type { EpochLog } from './epoch-log.ts';
import { TrainingSettingsError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { KeptPredictions } from './kept-predictions.ts';
import { readNetwork, writeNetwork } from './network-files.ts';
import { epsilonOf } from './privacy-accountant.ts';
import { softmaxRegression } from './softmax-regression.ts';
import { checkPrivacy, checkSplits } from './training-settings.ts';
import type { NetworkFacts, TrainLastLayerInput } from './types.ts';

/**
 * Trains the last layer of a network anew on another corpus, all before it as it is: logistic regression on its features
 * without augmentation, to the optimum, so there is no seed (paper, section 5.2: a classifier on fixed features); with
 * `privacy` by DP-SGD, with a seed. Leaves the files of `trainNetwork`; its log has one line.
 *
 * @throws TrainingSettingsError if the splits have other classes, or images of another size, if `privacy` is out of range,
 *   or its learning rate so high that the loss is no number any more
 */
export const trainLastLayer: Stage<TrainLastLayerInput, NetworkFacts> = {
  name: 'trainLastLayer',
  version: 2,
  async run({ network, weightDecay, privacy, ...corpora }, context) {
    const train = await ImageShards.open(await context.open(corpora.train));
    const test = await ImageShards.open(await context.open(corpora.test));
    const { architecture, parameters } = readNetwork(await context.open(network));
    try {
      checkSplits(train, test);
      if (privacy) checkPrivacy(privacy, train.count);
      const { classNames } = train;
      const trunk = FrozenNetwork.fold(architecture, parameters);
      const total = train.count + test.count;
      const kept = new KeptPredictions(context, total);
      const fit = fitLayer(trunk, train, { weightDecay, privacy }, kept, context.signal);
      const layer = await fit.finally(() => trunk.dispose());
      const last = lastLayer(architecture);
      const trained = { ...parameters, [`${last}.weight`]: layer.weight, [`${last}.bias`]: layer.bias };
      try {
        const whole = FrozenNetwork.fold(architecture, trained);
        const onTest = await evaluate(whole, test, (done) => {
          context.signal.throwIfAborted();
          context.report({ done: train.count + done, total, unit: 'images' });
        }).finally(() => whole.dispose());
        const { epochs, learningRate } = privacy ?? { epochs: 1, learningRate: 0 };
        const log: EpochLog = {
          ...{ epoch: epochs, trainLoss: layer.loss, trainAccuracy: layer.accuracy, learningRate },
          ...{ testLoss: onTest.loss, testAccuracy: onTest.accuracy },
        };
        const weightsSha256 = await writeNetwork(context.outputDir, { architecture, classNames }, trained);
        await writeFile(join(context.outputDir, 'log.jsonl'), `${JSON.stringify(log)}\n`);
        const { testAccuracy, testLoss } = log;
        const facts = { architecture, classNames, epochs, testAccuracy, testLoss, weightsSha256 };
        return privacy ? { ...facts, privacy: guaranteeOf(privacy, train.count) } : facts;
      } finally {
        tf.dispose([layer.weight, layer.bias]);
      }
    } finally {
      tf.dispose(parameters);
      train.close();
      test.close();
    }
  },
};

/** (ε, δ)-differential privacy for each of so many images, at δ = 1/N. */
function guaranteeOf(
  privacy: NonNullable<TrainLastLayerInput['privacy']>,
  images: number,
): NonNullable<NetworkFacts['privacy']> {
  const { noiseMultiplier, batchSize } = privacy;
  const steps = dpSgdSteps(privacy, images);
  const delta = 1 / images;
  return { epsilon: epsilonOf({ noiseMultiplier, samplingRate: batchSize / images, steps }, delta), delta };
}

interface Layer {
  readonly weight: tf.Tensor2D; // [K, D]
  readonly bias: tf.Tensor1D; // [K]
  /** On the images that it was fitted to. */
  readonly loss: number;
  readonly accuracy: number;
}

async function fitLayer(
  trunk: FrozenNetwork,
  train: ImageShards,
  { weightDecay, privacy }: Pick<TrainLastLayerInput, 'weightDecay' | 'privacy'>,
  kept: KeptPredictions,
  signal: AbortSignal,
): Promise<Layer> {
  const values = await kept.features('trunk-on-train', trunk, train);
  const features = tf.tensor2d(values, [train.count, trunk.featureSize]);
  const labels = Int32Array.from(train.labels);
  try {
    const settings = { classes: train.classNames.length, weightDecay };
    const { weight, bias } = privacy
      ? await dpSgd(features, labels, { ...settings, ...privacy }, signal)
      : await softmaxRegression(features, labels, settings, signal);
    const [loss, accuracy] = tf.tidy(() => {
      const logits = tf.add(tf.matMul(features, weight, false, true), bias) as tf.Tensor2D;
      const y = tf.tensor1d(labels, 'int32');
      return [softmaxCrossEntropy(logits, y).loss, tf.equal(tf.argMax(logits, 1), y)].map(mean);
    }) as [number, number];
    if (privacy && !Number.isFinite(loss)) {
      tf.dispose([weight, bias]);
      throw new TrainingSettingsError(
        `privacy.learningRate is ${privacy.learningRate}, with which the loss became ${loss}; lower it`,
      );
    }
    return { weight, bias, loss, accuracy };
  } finally {
    features.dispose();
  }
}

const mean = (values: tf.Tensor): number => tf.mean(tf.cast(values, 'float32')).dataSync()[0] as number;
