import type { Answer } from '../answer.ts';

/** A number for each class. */
export type ClassAnswer = Extract<Answer, { readonly kind: 'logits' | 'probabilities' }>;

/** What the numbers are. */
export type ScoreKind = ClassAnswer['kind'];

/** @param scores - of an image, [K] */
export function classAnswer(kind: ScoreKind, scores: Float32Array): ClassAnswer {
  const values = Array.from(scores);
  return kind === 'logits' ? { kind, logits: values } : { kind, probabilities: values };
}

/** Numbers of images, [N, K], by image; the views share their memory. */
export function byImage(scores: Float32Array, classes: number): Float32Array[] {
  return Array.from({ length: scores.length / classes }, (_, i) => scores.subarray(i * classes, (i + 1) * classes));
}
