import type { Answer } from './answer.ts';

/**
 * How wrong an answer is, the less the better; what the decoy test gets for a loss of the suspect.
 *
 *   losses, logits, probabilities   cross-entropy of the true class in nats
 *   top probabilities               the same; a true class that is not among them gets an even share of what they leave,
 *                                   and no more than the least of them
 *   labels                          log of the rank of the true class; one that is not among them counts as the next
 *
 * All of it follows from the answer alone and not from the draw, so the test stays exact, with any of them.
 *
 * @param answer - without an `answerProblem`
 * @param label - true class
 * @param classes - of the corpus
 * @returns ≥ 0 but for losses as they were answered; ∞ where the true class got a probability of 0, see `finiteLosses`
 */
export function answerLoss(answer: Answer, label: number, classes: number): number {
  switch (answer.kind) {
    case 'losses':
      return answer.loss;
    case 'logits':
      return crossEntropy(answer.logits, label);
    case 'probabilities':
      return ofProbability(answer.probabilities[label] as number);
    case 'top probabilities': {
      const rank = answer.classes.indexOf(label);
      if (rank >= 0) return ofProbability(answer.probabilities[rank] as number);
      const rest = 1 - answer.probabilities.reduce((sum, p) => sum + p, 0);
      const share = Math.max(0, rest) / (classes - answer.classes.length);
      return ofProbability(Math.min(share, answer.probabilities.at(-1) as number));
    }
    case 'labels': {
      const rank = answer.classes.indexOf(label);
      return Math.log(1 + (rank >= 0 ? rank : answer.classes.length));
    }
  }
}

function ofProbability(p: number): number {
  return Math.max(0, -Math.log(p));
}

/** In double precision, without overflow: log Σ exp(z − max) − (z_label − max). */
function crossEntropy(logits: readonly number[], label: number): number {
  const max = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - max), 0);
  return Math.log(sum) - ((logits[label] as number) - max);
}

/**
 * Losses without ∞: a probability of 0, which was rounded down, counts as half the smallest positive one among them.
 *
 * @param losses - [N], finite or ∞
 * @returns [N], finite
 */
export function finiteLosses(losses: readonly number[]): number[] {
  return finiteBelow(losses, greatestFinite(losses, 0));
}

/**
 * The same for losses that come draw by draw: what a probability of 0 counts as follows from the draws up to its own, so what
 * comes later changes nothing that was tested before.
 *
 * @param losses - [n][V], finite or ∞
 * @param draws - places of the images of each draw, in the order of the draws
 * @returns [n][V], finite
 */
export function finiteLossesByDraw(
  losses: readonly (readonly number[])[],
  draws: readonly (readonly number[])[],
): number[][] {
  const finite: number[][] = [];
  let greatest = 0;
  for (const images of draws) {
    for (const i of images) greatest = greatestFinite(losses[i] ?? [], greatest);
    for (const i of images) finite[i] = finiteBelow(losses[i] ?? [], greatest);
  }
  return finite;
}

function greatestFinite(losses: readonly number[], least: number): number {
  return losses.reduce((most, each) => (Number.isFinite(each) ? Math.max(most, each) : most), least);
}

function finiteBelow(losses: readonly number[], greatest: number): number[] {
  return losses.map((each) => (each === Infinity ? greatest + Math.LN2 : each));
}
