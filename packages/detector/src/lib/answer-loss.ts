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
  const greatest = losses.reduce((most, each) => (Number.isFinite(each) ? Math.max(most, each) : most), 0);
  return losses.map((each) => (each === Infinity ? greatest + Math.LN2 : each));
}
