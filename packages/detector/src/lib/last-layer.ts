import type { ScoreKind } from './onnx/class-answer.ts';

/** A suspect's last layer on clean images: its logit of a class, less the bias, is features · class weight. */
export interface LastLayer {
  readonly features: Float32Array; // [N, E]
  readonly classWeights: Float32Array; // [K, E]
  /** Where the weights were not seen: the answers that stand in for them. */
  readonly inferredFrom?: ScoreKind;
}

/**
 * What stands in for the last layer of a suspect that answered a number for each class. The white-box tests need A w_c
 * alone, and as A is linear in the suspect's features S, that is the fit of S w_c: the logit of the class less its bias.
 * So logits serve for features, and the identity for class weights.
 *
 * Answers leave two things open, and both are taken out of the logits: their mean over classes, of which a softmax knows
 * nothing, so that probabilities serve as well; and their mean over images, where the bias is.
 *
 * @param scores - [N, K]
 * @param classes - K
 */
export function inferredLastLayer(kind: ScoreKind, scores: Float32Array, classes: number): LastLayer {
  const logits = Float64Array.from(kind === 'logits' ? scores : logProbabilities(scores));
  subtractRowMeans(logits, classes);
  subtractColumnMeans(logits, classes);
  const classWeights = new Float32Array(classes ** 2).map((_, i) => (i % (classes + 1) === 0 ? 1 : 0));
  return { features: Float32Array.from(logits), classWeights, inferredFrom: kind };
}

/** A probability of 0, which was rounded down, counts as half the smallest positive one among all. */
function logProbabilities(probabilities: Float32Array): Float64Array {
  const least = probabilities.reduce((min, p) => (p > 0 ? Math.min(min, p) : min), 1);
  return Float64Array.from(probabilities, (p) => Math.log(p > 0 ? p : least / 2));
}

/** Subtracts the mean of each row. */
function subtractRowMeans(values: Float64Array, width: number): void {
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    row.forEach((value, i) => (row[i] = value - mean));
  }
}

/** Subtracts the mean of each column. */
function subtractColumnMeans(values: Float64Array, width: number): void {
  const means = new Float64Array(width);
  values.forEach((value, i) => (means[i % width] = (means[i % width] as number) + (value * width) / values.length));
  values.forEach((value, i) => (values[i] = value - (means[i % width] as number)));
}
