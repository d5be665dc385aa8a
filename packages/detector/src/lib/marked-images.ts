import { carrierGroup, type PublicationManifest } from '@radiotracer/carriers';
import { pickImages } from './pick-images.ts';
import type { Evidence } from './types.ts';

/** What of the marked images follows from the manifest: all but their losses. */
export type MarkedImages = Pick<Evidence['marked'], 'label' | 'group' | 'published'>;

/** The marked images of a publication, in the order of its manifest. */
export function markedImages({
  images,
  carrierUnit,
}: Pick<PublicationManifest, 'images' | 'carrierUnit'>): MarkedImages {
  return {
    label: images.map(({ label }) => label),
    group: images.map((image) => carrierGroup(carrierUnit, image).index),
    published: images.map(({ published }) => published),
  };
}

/** How many draws images have. */
export function countDraws({ group }: Pick<MarkedImages, 'group'>): number {
  return new Set(group).size;
}

/** The images of the first draws alone, as if no others were marked; draws are in the order of `drawsOf`. */
export function firstDraws<Marked extends Pick<MarkedImages, 'group'>>(marked: Marked, draws: number): Marked {
  const first = new Set([...new Set(marked.group)].slice(0, draws));
  return pickImages(
    marked,
    [...marked.group.keys()].filter((i) => first.has(marked.group[i] as number)),
  );
}
