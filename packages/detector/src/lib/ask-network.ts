import type { PublicationManifest } from '@radiotracer/carriers';
import type { ImageShards } from '@radiotracer/corpus';
import { type FrozenNetwork, Rng } from '@radiotracer/nets';
import type { Artifact } from '@radiotracer/store';
import type { KeptPredictions, NetworkFacts } from '@radiotracer/trainer';

import type { SuspectAnswers } from './suspect-answers.ts';
import { lossesInViews, views } from './views.ts';

/** Unmarked images that marked ones are compared with, for each marked image. */
const UNMARKED_PER_MARKED = 10;

/** What a network that lies open is shown. */
export interface ShownToNetwork {
  readonly versions: ImageShards;
  /** The clean corpus: its unmarked rows are what marked rows are compared with. */
  readonly train: ImageShards;
  /** Clean images that align its feature space with the marking network's. */
  readonly test: ImageShards;
  readonly unmarkedRows: Uint32Array;
}

/** What a network of ours says: its losses, and, as its weights lie open, its last layer. */
export async function askNetwork(
  look: KeptPredictions,
  { key, facts }: Artifact<NetworkFacts>,
  suspect: FrozenNetwork,
  { versions, train, test, unmarkedRows }: ShownToNetwork,
): Promise<SuspectAnswers> {
  const lossOnVersions = await lossesInViews(look, 'suspect-on-versions', suspect, versions, views);
  const unmarkedLoss = await lossesInViews(look, 'suspect-on-unmarked', suspect, train, views, unmarkedRows);
  const features = await look.features('suspect-on-test', suspect, test);
  return {
    suspect: { key, weightsSha256: facts.weightsSha256 },
    lossOnVersions,
    unmarked: {
      label: Array.from(unmarkedRows, (row) => train.labels[row] as number),
      suspectLoss: Array.from(unmarkedLoss),
    },
    lastLayer: { features, classWeights: suspect.classWeights.dataSync<'float32'>() },
  };
}

/** Rows that are not marked: a fixed draw, which depends on nothing that the publisher could choose afterwards. */
export function sampleUnmarked(images: number, { images: marked }: PublicationManifest): Uint32Array {
  const isMarked = new Set(marked.map(({ row }) => row));
  const order = Rng.of(0, 'unmarked').permutation(images);
  return order.filter((row) => !isMarked.has(row)).subarray(0, UNMARKED_PER_MARKED * marked.length);
}
