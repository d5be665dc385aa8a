import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { ImageShards } from '@radiotracer/corpus';
import { FrozenNetwork, lastLayer, softmaxCrossEntropy, tf } from '@radiotracer/nets';
import type { Stage, StageContext } from '@radiotracer/store';

import type { EpochLog } from './epoch-log.ts';
import { evaluate } from './evaluate.ts';
import { KeptPredictions } from './kept-predictions.ts';
import { readNetwork, writeNetwork } from './network-files.ts';
import { softmaxRegression } from './softmax-regression.ts';
import { checkSplits } from './training-settings.ts';
import type { NetworkFacts, TrainLastLayerInput } from './types.ts';

/**
 * Trains the last layer of a network anew on another corpus, all before it as it is: logistic regression on its features
 * without augmentation, to the optimum, so there is no seed (paper, section 5.2: a classifier on fixed features).
 * Leaves the files of `trainNetwork`; its log has one epoch.
 *
 * @throws TrainingSettingsError if the splits have other classes, or images of another size
 */
export const trainLastLayer: Stage<TrainLastLayerInput, NetworkFacts> = {
  name: 'trainLastLayer',
  version: 2,
  async run({ network, weightDecay, ...corpora }, context) {
    const train = await ImageShards.open(await context.open(corpora.train));
    const test = await ImageShards.open(await context.open(corpora.test));
    const { architecture, parameters } = readNetwork(await context.open(network));
    try {
      checkSplits(train, test);
      const { classNames } = train;
      const trunk = FrozenNetwork.fold(architecture, parameters);
      const layer = await fitLayer(trunk, train, weightDecay, context).finally(() => trunk.dispose());
      const last = lastLayer(architecture);
      const trained = { ...parameters, [`${last}.weight`]: layer.weight, [`${last}.bias`]: layer.bias };
      try {
        const whole = FrozenNetwork.fold(architecture, trained);
        const onTest = await evaluate(whole, test).finally(() => whole.dispose());
        const log: EpochLog = {
          ...{ epoch: 1, trainLoss: layer.loss, trainAccuracy: layer.accuracy, learningRate: 0 },
          ...{ testLoss: onTest.loss, testAccuracy: onTest.accuracy },
        };
        const weightsSha256 = await writeNetwork(context.outputDir, { architecture, classNames }, trained);
        await writeFile(join(context.outputDir, 'log.jsonl'), `${JSON.stringify(log)}\n`);
        const { testAccuracy, testLoss } = log;
        return { architecture, classNames, epochs: 1, testAccuracy, testLoss, weightsSha256 };
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
  weightDecay: number,
  context: StageContext,
): Promise<Layer> {
  const values = await new KeptPredictions(context, train.count).features('trunk-on-train', trunk, train);
  const features = tf.tensor2d(values, [train.count, trunk.featureSize]);
  const labels = Int32Array.from(train.labels);
  try {
    const settings = { classes: train.classNames.length, weightDecay };
    const { weight, bias } = await softmaxRegression(features, labels, settings, async () => {
      await setImmediate(); // lets messages and signals in
      context.signal.throwIfAborted();
    });
    const [loss, accuracy] = tf.tidy(() => {
      const logits = tf.add(tf.matMul(features, weight, false, true), bias) as tf.Tensor2D;
      const y = tf.tensor1d(labels, 'int32');
      return [softmaxCrossEntropy(logits, y).loss, tf.equal(tf.argMax(logits, 1), y)].map(mean);
    }) as [number, number];
    return { weight, bias, loss, accuracy };
  } finally {
    features.dispose();
  }
}

const mean = (values: tf.Tensor): number => tf.mean(tf.cast(values, 'float32')).dataSync()[0] as number;
