import { tf } from '@radiotracer/nets';

import { alignment, alignmentR2 } from './alignment.ts';
import { classCosines } from './class-cosines.ts';
import { excessWeights } from './excess-weights.ts';
import type { LastLayer } from './last-layer.ts';
import type { WhiteBoxEvidence } from './types.ts';
import { parseWeights, weightsText } from './weights-text.ts';

/** The marking network's side of the white box. */
export interface MarkingSide {
  /** Of clean images, [N, D]. */
  readonly features: Float32Array;
  /** D */
  readonly dimension: number;
  /** Unit vectors u_c in R^D along which the classes were marked; null where no image of the class is. */
  readonly directions: readonly (Float32Array | null)[];
  /** Class weights of clean networks on its features, each [K, D] as text. */
  readonly references: readonly string[];
}

/**
 * The suspect's class weights in the marking network's feature space, and how far they are turned towards the carriers.
 *
 * Where they were inferred, features and what stands in for the suspect's are taken less their means over the images,
 * as in a regression with an intercept: the bias of the last layer falls out.
 *
 * @param suspect - its last layer on the images of the marking network's features
 * @returns null for a cosine, or R², that is no number, as those of a suspect with the same features for every image
 */
export function whiteBoxEvidence(
  { features, classWeights, inferredFrom }: LastLayer,
  { features: markingFeatures, dimension, directions, references }: MarkingSide,
): WhiteBoxEvidence {
  const images = markingFeatures.length / dimension;
  const half = Math.floor(images / 2);
  const classes = directions.length;
  const { aligned, heldOutR2 } = tf.tidy(() => {
    const matrix = (values: Float32Array): tf.Tensor2D => {
      const x = tf.tensor2d(values, [images, values.length / images]);
      return inferredFrom ? tf.sub(x, tf.mean(x, 0)) : x;
    };
    const phi = matrix(markingFeatures);
    const s = matrix(features);
    const weights = tf.tensor2d(classWeights, [classes, classWeights.length / classes]);
    return {
      aligned: tf.matMul(weights, alignment(phi, s), false, true).dataSync() as Float32Array, // [K, D]
      heldOutR2: alignmentR2(alignment(head(phi, half), head(s, half)), tail(phi, half), tail(s, half)),
    };
  });
  const referenceWeights = references.map((text, i) =>
    parseWeights(`whiteBox.referenceWeights[${i}]`, text, classes, dimension),
  );
  return {
    dimension,
    cosine: classCosines(aligned, directions),
    excessCosine: classCosines(excessWeights(aligned, referenceWeights, classes), directions),
    alignedWeights: weightsText(aligned),
    referenceWeights: references,
    heldOutR2: Number.isFinite(heldOutR2) ? heldOutR2 : null,
    ...(inferredFrom && { inferredFrom }),
  };
}

function head(x: tf.Tensor2D, rows: number): tf.Tensor2D {
  return tf.slice(x, [0, 0], [rows, -1]);
}

function tail(x: tf.Tensor2D, from: number): tf.Tensor2D {
  return tf.slice(x, [from, 0], [-1, -1]);
}
