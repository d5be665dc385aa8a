import type { ExperimentInput } from '@radiotracer/workflows';
import { markingSettings, trainingSettings } from './settings.ts';

/** ImageNet-1k (ILSVRC 2012) at 224×224, in 1,024 shards. */
export const imagenet = {
  trainImages: 1_281_167,
  testImages: 50_000,
  classes: 1000,
  size: 224,
  shards: 1024,
  /** Of the training images as they are published: JPEG, on average 110 kB. */
  encodedBytesPerImage: 110_000,
  /** Parquet files of that corpus on the Hugging Face hub. */
  encodedFiles: 294,
} as const;

/** As long as the names of ImageNet's classes are on average: they travel with every reference to shards or network. */
export const classNames: readonly string[] = Array.from(
  { length: imagenet.classes },
  (_, label) => `class ${String(label).padStart(4, '0')}, some synonym`,
);

/** The whole experiment as `radiotracer experiment` starts it, with torchvision's epochs. */
export function imagenetExperiment(markedFraction: number): ExperimentInput {
  return {
    store: 's3://runs/imagenet',
    locations: { corpus: '/data/imagenet', key: '/safe/publisher.key' },
    corpus: { digest: 'c'.repeat(64), trainSplit: 'train', testSplit: 'validation', height: 224, width: 224 },
    keyId: 'a'.repeat(64),
    architecture: { name: 'resnet18', stem: 'imagenet', width: 64 },
    marking: { ...markingSettings, markedFraction },
    layers: 'all',
    training: {
      marking: { ...trainingSettings, seed: 1 },
      suspect: { ...trainingSettings, seed: 2 },
      controls: [{ ...trainingSettings, seed: 3 }],
    },
    log10Level: -4,
    title: 'Experiment on ImageNet',
  };
}
