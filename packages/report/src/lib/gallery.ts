import type { PublicationManifest } from '@radiotracer/carriers';
import { encodePng, type ImageShards } from '@radiotracer/corpus';
import type { MarkingRecord } from '@radiotracer/marker';

/** One marked image before and after; pictures are PNGs as data URIs. */
export interface GalleryImage {
  readonly row: number;
  readonly className: string;
  readonly original: string;
  readonly published: string;
  /** Published less original, ten times as strong, around mid-grey. */
  readonly difference: string;
  readonly psnrDb: number;
  /** In 8-bit levels. */
  readonly linf: number;
}

const galleryImages = 12;
const differenceGain = 10;

/**
 * Marked images to look at, evenly spaced over all of them, so that nobody chose those that look best.
 *
 * @param train - shards of the clean corpus
 * @param versions - shards of all versions: row i·V + v is version v of the i-th image of `marking`
 */
export function makeGallery(
  train: ImageShards,
  versions: ImageShards,
  marking: MarkingRecord,
  manifest: PublicationManifest,
): GalleryImage[] {
  const { height, width } = train;
  const png = (pixels: Uint8Array): string =>
    `data:image/png;base64,${Buffer.from(encodePng(pixels, height, width)).toString('base64')}`;
  const publishedOf = new Map(manifest.images.map(({ row, published }) => [row, published]));

  return evenlySpaced(marking.images.length, galleryImages).map((i) => {
    const { row, label, psnrDb, linf } = marking.images[i] as MarkingRecord['images'][number];
    const version = publishedOf.get(row) ?? NaN;
    const original = train.read([row]);
    const published = versions.read([i * marking.versions + version]);
    return {
      row,
      className: train.classNames[label] ?? String(label),
      original: png(original),
      published: png(published),
      difference: png(amplifiedDifference(original, published)),
      psnrDb: psnrDb[version] ?? Infinity, // which JSON makes null: an image that marking left as it was
      linf: linf[version] ?? NaN,
    };
  });
}

/** `count` indices below `total`, or all of them. */
function evenlySpaced(total: number, count: number): number[] {
  return Array.from({ length: Math.min(total, count) }, (_, i) => Math.floor((i * total) / Math.min(total, count)));
}

function amplifiedDifference(original: Uint8Array, published: Uint8Array): Uint8Array {
  return Uint8Array.from(original, (value, i) => {
    const level = 128 + differenceGain * ((published[i] ?? NaN) - value);
    return Math.min(255, Math.max(0, level));
  });
}
