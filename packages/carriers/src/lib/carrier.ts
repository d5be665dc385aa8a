import { assertInteger } from './assert-integer.ts';
import type { MarkingKey } from './marking-key.ts';
import { SecretStream } from './secret-stream.ts';

/** What shares one carrier, and one draw of the published version: the marked images of a class, or a single image. */
export interface CarrierGroup {
  readonly unit: 'class' | 'image';
  /** The class' label, or the image's row in the corpus. */
  readonly index: number;
}

/** The group of one marked image. */
export function carrierGroup(
  unit: CarrierGroup['unit'],
  { row, label }: { readonly row: number; readonly label: number },
): CarrierGroup {
  return { unit, index: unit === 'class' ? label : row };
}

export interface CarrierOptions extends CarrierGroup {
  readonly version: number;
  readonly dimension: number;
}

/**
 * The carrier of one version of a group: a unit vector, uniform on the sphere for anyone without the key, independent
 * of every other carrier.
 *
 *   u = g / ‖g‖,  g_i the first normals of the stream `carrier/<unit>/<index>/version/<version>/dimension/<dimension>`
 *
 * Computed in float64, ‖g‖² summed in order, and rounded to float32 at the end: the same bits on every machine.
 *
 * @param options - `index` and `version` integers ≥ 0, `dimension` an integer in [2, 2²⁰]
 * @returns [dimension] float32, | ‖u‖ − 1 | < 1e−6; the caller owns it
 * @throws InvalidArgumentError if an option is outside its range
 * Source: Sablayrolles et al. 2020, "Radioactive data", section 3; versions are this project's.
 */
export function carrier(key: MarkingKey, { unit, index, version, dimension }: CarrierOptions): Float32Array {
  assertInteger('index', index, 0);
  assertInteger('version', version, 0);
  assertInteger('dimension', dimension, 2, 2 ** 20);
  const stream = new SecretStream(key, `carrier/${unit}/${index}/version/${version}/dimension/${dimension}`);
  const gaussian = Float64Array.from({ length: dimension }, () => stream.normal());
  const norm = Math.sqrt(gaussian.reduce((sum, x) => sum + x * x, 0));
  return Float32Array.from(gaussian, (x) => x / norm);
}
