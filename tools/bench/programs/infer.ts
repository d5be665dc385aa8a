/** Losses, then features, of images: `node infer.ts <size> <images>`; the rate counts passes of an image. */
import { ImageShards } from '@radiotracer/corpus';
import { FrozenNetwork, initialParameters } from '@radiotracer/nets';
import { extractFeatures, predict } from '@radiotracer/trainer';
import { inTemporaryFolder } from './in-temporary-folder.ts';
import { printResult } from './print-result.ts';
import { randomShards } from './random-shards.ts';

const warmUp = 500;
const [size = 0, count = 0] = process.argv.slice(2).map(Number);
const architecture = { name: 'resnet18', stem: 'imagenet', width: 64 } as const;
const network = FrozenNetwork.fold(architecture, initialParameters(architecture, 10, 1));

await inTemporaryFolder(async (folder) => {
  await randomShards(folder, count, size);
  const shards = await ImageShards.open(folder);
  const first = Uint32Array.from({ length: warmUp }, (_, row) => row);
  await predict(network, shards, first);
  await extractFeatures(network, shards, first);
  const start = performance.now();
  await predict(network, shards);
  await extractFeatures(network, shards);
  printResult({ rate: (2 * count) / ((performance.now() - start) / 1000) });
  shards.close();
});
