import type { MarkingKey } from '@radiotracer/carriers';
import type { DecodedImage, ImageShards } from '@radiotracer/corpus';
import { type CropFlip, cropFlipBatch, NO_CROP_FLIP } from '@radiotracer/nets/crop-flip';

import { queryId, type QueriedVersion } from './query-id.ts';
import { views } from './views.ts';

/** What a suspect is asked about: one version of one marked image. */
export interface Query extends QueriedVersion {
  readonly id: string;
  /** True class. */
  readonly label: number;
  /** Row of its image in the versions' shards. */
  readonly at: number;
}

/** Every version of every marked image, the versions of an image one after the other, as in the versions' shards: [n · V] */
export function queriesOf(
  { images, versions }: { readonly images: readonly Pick<Query, 'row' | 'label'>[]; readonly versions: number },
  key: MarkingKey,
  commitment: string,
): readonly Query[] {
  return images.flatMap(({ row, label }, i) =>
    Array.from({ length: versions }, (_, version) => ({
      id: queryId(key, commitment, { row, version }),
      row,
      version,
      label,
      at: i * versions + version,
    })),
  );
}

/** The same in each of `views`, those of a version one after the other: [n · V · views]. */
export function viewQueriesOf(...publication: Parameters<typeof queriesOf>): readonly Query[] {
  const [, key, commitment] = publication;
  return queriesOf(...publication).flatMap((query) =>
    views.map((_, view) => ({ ...query, id: queryId(key, commitment, { ...query, view }), view })),
  );
}

/** What a query shows. @param versions - [n · V] images, the versions of an image one after the other */
export function imageOf({ at, view }: Query, versions: ImageShards): DecodedImage {
  const { height, width } = versions;
  const shown = view === undefined ? NO_CROP_FLIP : (views[view] as CropFlip);
  return { pixels: cropFlipBatch(versions.read([at]), height, width, shown), height, width };
}

/** In the order in which they are asked: that of their ids, which says nothing of what is what. */
export function inOrderOfIds(queries: readonly Query[]): Query[] {
  return queries.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
