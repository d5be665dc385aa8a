/** Steps of marking 12 images × 10 versions: `node mark.ts <size> <steps>`. */
import { randomFillSync } from 'node:crypto';
import { type ImageToMark, optimizeVersions, PAPER_MARKING } from '@radiotracer/marker';
import { FrozenNetwork, initialParameters, Rng } from '@radiotracer/nets';
import { printResult } from './print-result.ts';

const warmUp = 3;
const [size = 0, steps = 0] = process.argv.slice(2).map(Number);
const architecture = { name: 'resnet18', stem: 'imagenet', width: 64 } as const;
const network = FrozenNetwork.fold(architecture, initialParameters(architecture, 10, 1));
const rng = Rng.of(1, 'bench');
const images = Array.from({ length: 12 }, (_, row): ImageToMark => ({
  row,
  pixels: randomFillSync(new Uint8Array(size * size * 3)),
  carriers: Array.from({ length: 10 }, () => {
    const direction = Float32Array.from({ length: network.featureSize }, () => rng.normal());
    const length = Math.hypot(...direction);
    return direction.map((x) => x / length);
  }),
}));
const settings = { ...PAPER_MARKING, optimizer: 'adam', learningRate: 0.5, radius: 8, steps: warmUp + steps } as const;

const doneAt: number[] = [];
await optimizeVersions(network, images, { height: size, width: size }, settings, () => doneAt.push(performance.now()));
const seconds = ((doneAt.at(-1) as number) - (doneAt[warmUp - 1] as number)) / 1000;
printResult({ rate: (120 * steps) / seconds });
