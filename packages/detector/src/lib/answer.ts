/** What a suspect says of one image: as much as it can be got to say. */
export type Answer =
  /** Cross-entropy of the true class, in nats. */
  | { readonly kind: 'losses'; readonly loss: number }
  /** By class. */
  | { readonly kind: 'logits'; readonly logits: readonly number[] }
  /** By class, in [0, 1]; they sum to 1. */
  | { readonly kind: 'probabilities'; readonly probabilities: readonly number[] }
  /** Classes, the most probable first, and the probability of each. */
  | {
      readonly kind: 'top probabilities';
      readonly classes: readonly number[];
      readonly probabilities: readonly number[];
    }
  /** Classes, the most probable first; often one. */
  | { readonly kind: 'labels'; readonly classes: readonly number[] };

/** How much answers tell, the most first. */
export const answerKinds = ['losses', 'logits', 'probabilities', 'top probabilities', 'labels'] as const;
export type AnswerKind = (typeof answerKinds)[number];

/** Rounded probabilities of many classes do not quite sum to 1; logits, or scores of each class by itself, hardly come near. */
const SUM_TOLERANCE = 0.02;

/** The largest float32: no network answers more, and the tests can still square it. */
const LARGEST = 2 ** 128 - 2 ** 104;

/**
 * Whether an answer can be one about an image of a corpus with so many classes.
 *
 * @returns what is wrong: the field, what was found, what would be valid; undefined if nothing is
 */
export function answerProblem(answer: Answer, classes: number): string | undefined {
  switch (answer.kind) {
    case 'losses':
      return notFloat32('loss', [answer.loss]);
    case 'logits':
      return notFloat32('logits', answer.logits) ?? wrongCount('logits', answer.logits, classes);
    case 'probabilities':
      return (
        wrongCount('probabilities', answer.probabilities, classes) ??
        noProbability(answer.probabilities) ??
        wrongSum(answer.probabilities, 1 - SUM_TOLERANCE)
      );
    case 'top probabilities':
      return wrongClasses(answer.classes, classes) ?? noTopProbabilities(answer.classes, answer.probabilities);
    case 'labels':
      return wrongClasses(answer.classes, classes);
  }
}

function notFloat32(field: string, values: readonly number[]): string | undefined {
  const wrong = values.find((value) => !(Math.abs(value) <= LARGEST));
  return wrong === undefined ? undefined : `${field}: found ${wrong}, expected finite numbers that float32 can hold`;
}

function wrongCount(field: string, values: readonly number[], classes: number): string | undefined {
  return values.length === classes
    ? undefined
    : `${field}: found ${values.length}, expected one for each of ${classes} classes`;
}

function noProbability(probabilities: readonly number[]): string | undefined {
  const wrong = probabilities.find((p) => !(p >= 0 && p <= 1 + SUM_TOLERANCE));
  return wrong === undefined ? undefined : `probabilities: found ${wrong}, expected numbers in [0, 1]`;
}

function wrongSum(probabilities: readonly number[], least: number): string | undefined {
  const sum = probabilities.reduce((total, p) => total + p, 0);
  if (sum >= least && sum <= 1 + SUM_TOLERANCE) return undefined;
  return `probabilities: they sum to ${Number(sum.toPrecision(4))}, expected ${least > 0 ? '1' : 'at most 1'}`;
}

function wrongClasses(found: readonly number[], classes: number): string | undefined {
  const wrong = found.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (wrong !== undefined) return `classes: found ${wrong}, expected whole numbers in 0..${classes - 1}`;
  if (new Set(found).size < found.length) return `classes: found ${found.join(', ')}, expected each once`;
  return found.length === 0 ? 'classes: found none, expected at least one' : undefined;
}

function noTopProbabilities(classes: readonly number[], probabilities: readonly number[]): string | undefined {
  if (probabilities.length !== classes.length) {
    return `probabilities: found ${probabilities.length}, expected one for each of the ${classes.length} classes`;
  }
  const rising = probabilities.findIndex((p, i) => p > (probabilities[i - 1] ?? Infinity));
  if (rising > 0) return `probabilities: found ${probabilities.join(', ')}, expected the largest first`;
  return noProbability(probabilities) ?? wrongSum(probabilities, 0);
}
