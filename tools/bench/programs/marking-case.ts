import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { carrier, MarkingKey } from '@radiotracer/carriers';
import { describeCorpus, ImageShards, ingest } from '@radiotracer/corpus';
import { RunStore, runStage } from '@radiotracer/store';
import { trainNetwork } from '@radiotracer/trainer';
import { preparedFolder } from '../folders.ts';
import { trainingSettings } from './training-settings.ts';

/** Where the files for both programs lie: the network's two, `images.bin` and `carriers.bin`. */
export const markingCaseFolder = join(preparedFolder, 'marking');
export const caseSize = 32;
const images = 24;
const features = 512;

/** A network trained on 10,000 images of CIFAR-10 for 4 epochs, 24 of its images, and a carrier for each class. */
export async function writeMarkingCase(cifar10: string): Promise<void> {
  const store = await RunStore.open(join(preparedFolder, 'store'));
  const { digest } = await describeCorpus(cifar10);
  const options = { store, locations: { corpus: cifar10 } };
  const train = await runStage(ingest, { source: { digest }, split: 'test' }, options);
  const architecture = { name: 'resnet18', stem: 'imagenet', width: 64 } as const;
  const training = { ...trainingSettings(1), epochs: 4 };
  const network = await runStage(trainNetwork, { train, test: train, architecture, training }, { store });

  await mkdir(markingCaseFolder, { recursive: true });
  for (const file of ['weights.safetensors', 'network.json']) {
    await writeFile(join(markingCaseFolder, file), await readFile(join(store.folder(network), file)));
  }
  const shards = await ImageShards.open(store.folder(train));
  const rows = Array.from({ length: images }, (_, row) => row);
  const key = new MarkingKey(Buffer.alloc(32, 1));
  const directions = rows.map((row) =>
    carrier(key, { unit: 'class', index: shards.labels[row] as number, version: 0, dimension: features }),
  );
  await writeFile(join(markingCaseFolder, 'images.bin'), shards.read(rows));
  await writeFile(join(markingCaseFolder, 'carriers.bin'), Buffer.concat(directions.map((u) => Buffer.from(u.buffer))));
  shards.close();
}
