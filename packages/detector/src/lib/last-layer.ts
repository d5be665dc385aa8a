import type { ScoreKind } from './onnx/class-answer.ts';

/** A suspect's last layer on clean images: its logit of a class, less the bias, is features · class weight. */
export interface LastLayer {
  readonly features: Float32Array; // [N, E]
  readonly classWeights: Float32Array; // [K, E]
  /** Where the weights were not seen: the answers that stand in for them; the features then have the bias in them. */
  readonly inferredFrom?: ScoreKind;
}

/**
 * What stands in for the last layer of a suspect that answered a number for each class. The white-box tests need A w_c
 * alone, and as A is linear in the suspect's features S, that is the fit of S w_c: the logit of the class less its bias.
 * So logits serve for features, and the identity for class weights.
 *
 * Of probabilities the logs serve, less their mean over classes, by which they differ from logits: class weights so
 * inferred lack the mean over classes, which no answer depends on.
 *
 * @param scores - [N, K]
 * @param classes - K
 */
export function inferredLastLayer(kind: ScoreKind, scores: Float32Array, classes: number): LastLayer {
  return {
    features: kind === 'logits' ? scores : centredLogs(scores, classes),
    classWeights: new Float32Array(classes ** 2).map((_, i) => (i % (classes + 1) === 0 ? 1 : 0)),
    inferredFrom: kind,
  };
}

/** A probability of 0, which was rounded down, counts as half the smallest positive one among all. */
function centredLogs(probabilities: Float32Array, classes: number): Float32Array {
  const least = probabilities.reduce((min, p) => (p > 0 ? Math.min(min, p) : min), 1);
  const logs = Float64Array.from(probabilities, (p) => Math.log(p > 0 ? p : least / 2));
  for (let start = 0; start < logs.length; start += classes) {
    const ofImage = logs.subarray(start, start + classes);
    const mean = ofImage.reduce((sum, value) => sum + value, 0) / classes;
    ofImage.forEach((value, c) => (ofImage[c] = value - mean));
  }
  return Float32Array.from(logs);
}
