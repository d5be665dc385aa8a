import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageShards } from '@radiotracer/corpus';
import { tf } from '@radiotracer/nets';
import type { Artifact, Stage, StageContext } from '@radiotracer/store';
import { KeptPredictions, openNetwork, softmaxRegression } from '@radiotracer/trainer';
import type { FitReferencesInput, ReferencesFacts } from './types.ts';
import { weightsText } from './weights-text.ts';

const FILE = 'references.json';

/**
 * Class weights of networks that never saw the marks: logistic regressions of the clean corpus on the marking network's
 * features, one for each weight decay. Leaves `references.json`: of each, [K, D] as `weightsText` writes it.
 */
export const fitReferences: Stage<FitReferencesInput, ReferencesFacts> = {
  name: 'fitReferences',
  version: 2,
  async run({ markingNetwork, train: corpus, weightDecays }, context) {
    const train = await ImageShards.open(await context.open(corpus));
    const network = openNetwork(await context.open(markingNetwork));
    try {
      const look = new KeptPredictions(context, train.count);
      const values = await look.features('marking-on-train', network, train);
      const features = tf.tensor2d(values, [train.count, network.featureSize]);
      const labels = Int32Array.from(train.labels);
      const texts: string[] = [];
      try {
        for (const weightDecay of weightDecays) {
          const settings = { classes: train.classNames.length, weightDecay };
          const { weight, bias } = await softmaxRegression(features, labels, settings, context.signal);
          texts.push(weightsText(weight.dataSync() as Float32Array));
          tf.dispose([weight, bias]);
        }
      } finally {
        features.dispose();
      }
      await writeFile(join(context.outputDir, FILE), JSON.stringify(texts));
      return { references: texts.length };
    } finally {
      network.dispose();
      train.close();
    }
  },
};

/** What `fitReferences` left. */
export async function readReferences(artifact: Artifact, { open }: Pick<StageContext, 'open'>): Promise<string[]> {
  return JSON.parse(await readFile(join(await open(artifact), FILE), 'utf8')) as string[];
}
