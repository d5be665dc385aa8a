import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { ImageShards } from '@radiotracer/corpus';
import { FrozenNetwork, tf } from '@radiotracer/nets';
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
  version: 1,
  async run({ network, weightDecay, ...corpora }, context) {
    const train = await ImageShards.open(await context.open(corpora.train));
    const test = await ImageShards.open(await context.open(corpora.test));
    const { architecture, parameters } = readNetwork(await context.open(network));
    try {
      checkSplits(train, test);
      const { classNames } = train;
      const trunk = FrozenNetwork.fold(architecture, parameters);
      const layer = await lastLayer(trunk, train, weightDecay, context).finally(() => trunk.dispose());
      const trained = { ...parameters, 'fc.weight': layer.weight, 'fc.bias': layer.bias };
      try {
        const log = await logOf(FrozenNetwork.fold(architecture, trained), train, test);
        const weightsSha256 = await writeNetwork(context.outputDir, { architecture, classNames }, trained);
        await writeFile(join(context.outputDir, 'log.jsonl'), `${JSON.stringify(log)}\n`);
        const { testAccuracy, testLoss } = log;
        return { architecture, classNames, epochs: 1, testAccuracy, testLoss, weightsSha256 };
      } finally {
        tf.dispose({ ...layer });
      }
    } finally {
      tf.dispose(parameters);
      train.close();
      test.close();
    }
  },
};

async function lastLayer(
  trunk: FrozenNetwork,
  train: ImageShards,
  weightDecay: number,
  context: StageContext,
): Promise<{ weight: tf.Tensor2D; bias: tf.Tensor1D }> {
  const values = await new KeptPredictions(context, train.count).features('trunk-on-train', trunk, train);
  const features = tf.tensor2d(values, [train.count, trunk.featureSize]);
  const settings = { classes: train.classNames.length, weightDecay };
  return softmaxRegression(features, Int32Array.from(train.labels), settings, async () => {
    await setImmediate(); // lets messages and signals in
    context.signal.throwIfAborted();
  }).finally(() => features.dispose());
}

/** Disposes the network. */
async function logOf(network: FrozenNetwork, train: ImageShards, test: ImageShards): Promise<EpochLog> {
  try {
    const onTrain = await evaluate(network, train);
    const onTest = await evaluate(network, test);
    return {
      epoch: 1,
      trainLoss: onTrain.loss,
      trainAccuracy: onTrain.accuracy,
      testLoss: onTest.loss,
      testAccuracy: onTest.accuracy,
      learningRate: 0,
    };
  } finally {
    network.dispose();
  }
}
