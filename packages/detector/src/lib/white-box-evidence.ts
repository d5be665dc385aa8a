import { type FrozenNetwork, tf } from '@radiotracer/nets';

import { alignment, alignmentR2 } from './alignment.ts';
import { classCosines } from './class-cosines.ts';
import { excessWeights } from './excess-weights.ts';
import type { WhiteBoxEvidence } from './types.ts';
import { parseWeights, weightsText } from './weights-text.ts';

/**
 * The suspect's class weights in the marking network's feature space, and how far they are turned towards the carriers.
 *
 * @param referenceWeights - class weights of clean networks on the marking network's features, each [K, D] as text
 * @param markingFeatures - of clean images, by the marking network, [N, D]
 * @param suspectFeatures - of the same images, by the suspect, [N, E]
 * @param directions - unit vectors u_c in R^D by class; null where no image of the class is marked
 * @returns null for a cosine, or R², that is no number, as those of a suspect with the same features for every image
 */
export function whiteBoxEvidence(
  suspect: FrozenNetwork,
  referenceWeights: readonly string[],
  dimension: number,
  markingFeatures: Float32Array,
  suspectFeatures: Float32Array,
  directions: readonly (Float32Array | null)[],
): WhiteBoxEvidence {
  const images = markingFeatures.length / dimension;
  const half = Math.floor(images / 2);
  const { aligned, heldOutR2 } = tf.tidy(() => {
    const phi = tf.tensor2d(markingFeatures, [images, dimension]);
    const s = tf.tensor2d(suspectFeatures, [images, suspect.featureSize]);
    return {
      aligned: tf.matMul(suspect.classWeights, alignment(phi, s), false, true).dataSync() as Float32Array, // [K, D]
      heldOutR2: alignmentR2(alignment(head(phi, half), head(s, half)), tail(phi, half), tail(s, half)),
    };
  });
  const references = referenceWeights.map((text, i) =>
    parseWeights(`whiteBox.referenceWeights[${i}]`, text, directions.length, dimension),
  );
  return {
    dimension,
    cosine: classCosines(aligned, directions),
    excessCosine: classCosines(excessWeights(aligned, references, directions.length), directions),
    alignedWeights: weightsText(aligned),
    referenceWeights,
    heldOutR2: Number.isFinite(heldOutR2) ? heldOutR2 : null,
  };
}

function head(x: tf.Tensor2D, rows: number): tf.Tensor2D {
  return tf.slice(x, [0, 0], [rows, -1]);
}

function tail(x: tf.Tensor2D, from: number): tf.Tensor2D {
  return tf.slice(x, [from, 0], [-1, -1]);
}
