import { generate, generatedFolder, type GenerateInput, ingest, type ShardsFacts } from '@radiotracer/corpus';
import { type Artifact, type RunStore, runStage } from '@radiotracer/store';

/** Shards of both splits of a generated corpus: 4 classes of 16 × 16, 256 images to train on and 64 to test. */
export async function tinyCorpus(
  store: RunStore,
  changes: Partial<GenerateInput> = {},
): Promise<{ readonly train: Artifact<ShardsFacts>; readonly test: Artifact<ShardsFacts> }> {
  const input = { classes: 4, trainImages: 256, testImages: 64, size: 16, seed: 1, ...changes };
  const source = { artifact: await runStage(generate, input, { store }), folder: generatedFolder };
  return {
    train: await runStage(ingest, { source, split: 'train' }, { store }),
    test: await runStage(ingest, { source, split: 'test' }, { store }),
  };
}
