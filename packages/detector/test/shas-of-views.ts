import { pixelsSha256 } from '@radiotracer/carriers';
import { ImageShards } from '@radiotracer/corpus';
import { cropFlipBatch } from '@radiotracer/nets/crop-flip';

import { views } from '../src/lib/views.ts';
import { type TinyExperiment, VERSIONS } from './tiny-experiment.ts';

/** SHA-256 of the pixels of each view of each version of each marked image, [n][V][views]. */
export async function shasOfViews({ store, input }: TinyExperiment): Promise<string[][][]> {
  const versions = await ImageShards.open(store.folder(input.versions));
  const { height, width, count } = versions;
  const shasOf = (at: number): string[] =>
    views.map((view) => pixelsSha256(cropFlipBatch(versions.read([at]), height, width, view)));
  const shas = Array.from({ length: count / VERSIONS }, (_, i) =>
    Array.from({ length: VERSIONS }, (_, v) => shasOf(i * VERSIONS + v)),
  );
  versions.close();
  return shas;
}
