import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolder, preparedFolder } from '../folders.ts';
import { runProgram } from '../measure.ts';
import { type Row, speedup } from '../row.ts';

const cifar10 = join(dataFolder, 'cifar10');
const tinyImagenet = join(dataFolder, 'tiny-imagenet-100');
const cifar10Png = join(preparedFolder, 'cifar10-png');
const tinyImagenetTenfold = join(preparedFolder, 'tiny-imagenet-500000');

const cases = [
  { name: 'cifar10-jpeg', what: 'CIFAR-10, JPEG', corpus: cifar10, needs: [cifar10] },
  { name: 'cifar10-png', what: 'CIFAR-10, PNG', corpus: cifar10Png, needs: [cifar10], prepare: writePng },
  { name: 'tiny-imagenet', what: 'Tiny-ImageNet, JPEG', corpus: tinyImagenet, needs: [tinyImagenet] },
];

/** Python writes no index, hashes nothing and finds files that lie ready; ours does all of that within its time. */
export const ingest: readonly Row[] = cases.map(({ name, what, corpus, ...rest }) => ({
  name: `ingest-${name}`,
  work: `ingest, 50,000 images of ${what}`,
  unit: 'images/s',
  ours: { name: 'ingest', file: 'ingest.ts', args: [corpus, 'train'] },
  against: [{ name: 'pyarrow and PIL, two processes', file: 'ingest.py', args: [corpus, 'train'] }],
  figure: speedup,
  format: 'times',
  limit: { kind: 'at least', value: 1, aim: 2 },
  ...rest,
}));

/** Peaks of two runs of ours, on ten times a corpus and on itself. */
export const ingestMemory: Row = {
  name: 'memory-ingest',
  work: 'memory of ingest, 500,000 images against 50,000',
  unit: 'images/s',
  ours: { name: 'ingest', file: 'ingest.ts', args: [tinyImagenetTenfold, 'train'] },
  against: [{ name: 'a tenth', file: 'ingest.ts', args: [tinyImagenet, 'train'] }],
  figure: memoryRatio,
  format: 'times',
  limit: { kind: 'at most', value: 1.05, aim: 1.05 },
  needs: [tinyImagenet],
  prepare: () => writeCorpus(tinyImagenet, 500_000, tinyImagenetTenfold),
};

export const trainingMemory: Row = {
  name: 'memory-training',
  work: 'memory of training, 204,800 images against 20,480',
  unit: 'images/s',
  ours: { name: 'trainNetwork', file: 'train.ts', args: [32, 'imagenet', 24, 204_800] },
  against: [{ name: 'a tenth', file: 'train.ts', args: [32, 'imagenet', 24, 20_480] }],
  figure: memoryRatio,
  format: 'times',
  limit: { kind: 'at most', value: 1.05, aim: 1.05 },
};

function memoryRatio(...[ours, against]: Parameters<Row['figure']>): number {
  return ours.peakMemoryMb / (against?.peakMemoryMb ?? NaN);
}

function writePng(): Promise<void> {
  return writeCorpus(cifar10, 50_000, cifar10Png, 'png');
}

/** Aside first, so that a corpus that is there is whole. */
async function writeCorpus(from: string, images: number, to: string, ...format: string[]): Promise<void> {
  if (existsSync(to)) return;
  const aside = `${to}.${process.pid}`;
  await rm(aside, { recursive: true, force: true });
  await runProgram({ name: 'write', file: 'write-corpus.py', args: [from, 'train', images, aside, ...format] });
  await rename(aside, to);
}
