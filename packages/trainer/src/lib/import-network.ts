import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ImageShards } from '@radiotracer/corpus';
import { decodeShapes, recognise, refusePickle, WeightsError } from '@radiotracer/nets';
import { type Stage, sha256 } from '@radiotracer/store';

import { evaluate } from './evaluate.ts';
import { describeNetwork, openNetwork } from './network-files.ts';
import type { ImportNetworkInput, NetworkFacts } from './types.ts';

/**
 * Takes in a network that was trained elsewhere: the safetensors file at `locations.network`, as it is. Architecture and
 * number of classes are those that its tensors make. The names of its classes it does not tell: they are taken to be the
 * corpus', in the corpus' order, and the accuracy on the test split shows whether that can be right.
 *
 * Leaves the files of `trainNetwork`; its log is empty, for nothing was trained.
 *
 * @throws WeightsError if the file is another than the input says, holds no network that is known, or one with another
 *   number of classes
 */
export const importNetwork: Stage<ImportNetworkInput, NetworkFacts> = {
  name: 'importNetwork',
  version: 1,
  async run({ weightsSha256, test }, { outputDir, locations, open, report, signal }) {
    const file = locations.network ?? 'no file was named';
    const bytes = await readFile(file);
    if (sha256(bytes) !== weightsSha256) {
      throw new WeightsError(file, `its SHA-256 is ${sha256(bytes)}, not ${weightsSha256}; it was changed since`);
    }
    refusePickle(file, bytes);
    const { architecture, classes } = recognise(decodeShapes(bytes, file), file);
    const images = await ImageShards.open(await open(test));
    try {
      const { classNames } = images;
      checkClasses(classes, classNames, file);
      await writeFile(join(outputDir, 'weights.safetensors'), bytes);
      await describeNetwork(outputDir, { architecture, classNames });
      await writeFile(join(outputDir, 'log.jsonl'), '');
      const network = openNetwork(outputDir);
      const { accuracy, loss } = await evaluate(network, images, (done) => {
        signal.throwIfAborted();
        report({ done, total: images.count, unit: 'images' });
      }).finally(() => network.dispose());
      if (!Number.isFinite(loss)) throw new WeightsError(file, `its loss on the corpus is ${loss}; expected a number`);
      return { architecture, classNames, epochs: 0, testAccuracy: accuracy, testLoss: loss, weightsSha256 };
    } finally {
      images.close();
    }
  },
};

function checkClasses(classes: number, classNames: readonly string[], file: string): void {
  if (classes === classNames.length) return;
  throw new WeightsError(
    file,
    `it tells ${classes} classes apart, the corpus has ${classNames.length} (${classNames.slice(0, 5).join(', ')}` +
      `${classNames.length > 5 ? ', …' : ''}); expected as many, in the corpus' order`,
  );
}
