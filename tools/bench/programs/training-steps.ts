import { trainNetwork } from '@radiotracer/trainer';
import { inTemporaryFolder } from './in-temporary-folder.ts';
import { randomShards, shardsArtifact } from './random-shards.ts';
import { stageContext } from './stage-context.ts';
import { trainingSettings } from './training-settings.ts';

const batchSize = 128;
const warmUp = 3;

export interface TrainingSteps {
  readonly size: number;
  readonly stem: 'imagenet' | 'small';
  readonly steps: number;
  /** In the corpus. @default enough for one epoch */
  readonly images?: number;
  /** Called when the steps that count begin. */
  readonly onStart?: () => void;
}

/** Runs steps of the stage `trainNetwork`, input included, after some to warm up. Returns images per second. */
export async function runTrainingSteps({ size, stem, steps, onStart, ...rest }: TrainingSteps): Promise<number> {
  const images = rest.images ?? (warmUp + steps + 1) * batchSize;
  const epochs = Math.ceil(((warmUp + steps + 1) * batchSize) / images);
  const doneAt: number[] = [];
  await inTemporaryFolder(async (folder) => {
    await randomShards(folder, images, size);
    const corpus = shardsArtifact(images, size);
    const enough = new AbortController();
    const context = stageContext(folder, {
      open: () => Promise.resolve(folder),
      signal: enough.signal,
      report: () => {
        doneAt.push(performance.now());
        if (doneAt.length === warmUp) onStart?.();
        if (doneAt.length === warmUp + steps) enough.abort();
      },
    });
    const architecture = { name: 'resnet18', stem, width: 64 } as const;
    const training = { ...trainingSettings(1), epochs, batchSize };
    await trainNetwork.run({ train: corpus, test: corpus, architecture, training }, context).catch((error: unknown) => {
      if (!enough.signal.aborted) throw error;
    });
  });
  const seconds = ((doneAt[warmUp + steps - 1] as number) - (doneAt[warmUp - 1] as number)) / 1000;
  return (steps * batchSize) / seconds;
}
