import { describe, expect, it } from '@jest/globals';
import type { Answer } from './answer.ts';
import { answerLoss, finiteLosses, finiteLossesByDraw } from './answer-loss.ts';

describe('answerLoss', () => {
  it('is the same cross-entropy of logits and of their probabilities, however large the logits are', () => {
    const logits = [2, -1, 0.5];
    const total = logits.reduce((sum, z) => sum + Math.exp(z), 0);
    const probabilities = logits.map((z) => Math.exp(z) / total);
    for (const label of [0, 1, 2]) {
      const expected = -Math.log(probabilities[label] as number);
      expect(answerLoss({ kind: 'logits', logits }, label, 3)).toBeCloseTo(expected, 12);
      expect(answerLoss({ kind: 'logits', logits: logits.map((z) => z + 5000) }, label, 3)).toBeCloseTo(expected, 9);
      expect(answerLoss({ kind: 'probabilities', probabilities }, label, 3)).toBeCloseTo(expected, 12);
    }
  });

  it('of top probabilities is exact where the true class is among them, and else from what they leave', () => {
    const answer: Answer = { kind: 'top probabilities', classes: [4, 2], probabilities: [0.7, 0.2] };
    expect(answerLoss(answer, 2, 10)).toBeCloseTo(-Math.log(0.2), 12);
    expect(answerLoss(answer, 0, 10)).toBeCloseTo(-Math.log(0.1 / 8), 12);
    // Of three classes one is left, and it cannot be likelier than the second.
    expect(answerLoss({ kind: 'top probabilities', classes: [0, 1], probabilities: [0.5, 0.1] }, 2, 3)).toBeCloseTo(-Math.log(0.1), 12); // prettier-ignore
  });

  it('of labels grows with the rank of the true class', () => {
    const answer: Answer = { kind: 'labels', classes: [4, 2, 7] };
    expect([4, 2, 7, 0].map((label) => answerLoss(answer, label, 10))).toEqual([1, 2, 3, 4].map(Math.log));
    expect(answerLoss({ kind: 'labels', classes: [1] }, 1, 10)).toBe(0);
  });

  it('of a probability of 0 is infinite, which finiteLosses makes half the smallest probability', () => {
    const losses = [1, 0.25, 0].map((p) => answerLoss({ kind: 'probabilities', probabilities: [p, 1 - p] }, 0, 2));
    expect(losses).toEqual([0, -Math.log(0.25), Infinity]);
    expect(finiteLosses(losses)[2]).toBeCloseTo(-Math.log(0.125), 12);
    expect(finiteLosses([Infinity, Infinity])).toEqual([Math.LN2, Math.LN2]);
  });

  it('of a probability of 0 in a draw follows from the draws up to its own, whatever comes later', () => {
    const losses = [[1, Infinity], [3, 0.5], [Infinity, 2]]; // prettier-ignore
    const finite = finiteLossesByDraw(losses, [[0, 2], [1]]);
    expect(finite).toEqual([[1, 2 + Math.LN2], [3, 0.5], [2 + Math.LN2, 2]]); // prettier-ignore
    expect(finiteLossesByDraw([...losses, [9, Infinity]], [[0, 2], [1], [3]])).toEqual([...finite, [9, 9 + Math.LN2]]);
  });
});
