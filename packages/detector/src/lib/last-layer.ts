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
 * alone, and with A linear in the features S, that is the fit to S w_c, the logit of the class less its bias. So logits
 * serve for features, and the identity for class weights.
 *
 * @param scores - [N, K]
 */
export function inferredLastLayer(kind: ScoreKind, scores: Float32Array, classes: number): LastLayer {
  const features = scores; // TODO bias
  const classWeights = Float32Array.from({ length: classes ** 2 }, (_, i) => (i % (classes + 1) === 0 ? 1 : 0));
  return { features, classWeights, inferredFrom: kind };
}
