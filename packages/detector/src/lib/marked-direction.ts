import { carrier, carrierGroup, type MarkingKey, type PublicationManifest } from '@radiotracer/carriers';

/**
 * The direction along which the published images of a class were marked: their carriers' sum, to unit length. Without
 * the key it is uniform on the sphere, as a single carrier is. Null where no image of the class is marked.
 */
export function markedDirection(
  key: MarkingKey,
  { images, carrierUnit }: PublicationManifest,
  label: number,
  dimension: number,
): Float32Array | null {
  const ofClass = images.filter((image) => image.label === label);
  if (ofClass.length === 0) return null;
  const sum = new Float32Array(dimension);
  for (const { row, published: version } of ofClass) {
    const u = carrier(key, { ...carrierGroup(carrierUnit, { row, label }), version, dimension });
    u.forEach((value, i) => (sum[i] = (sum[i] as number) + value));
  }
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}
