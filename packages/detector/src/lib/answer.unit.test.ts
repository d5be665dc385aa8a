import { describe, expect, it } from '@jest/globals';
import { type Answer, answerProblem } from './answer.ts';

const classes = 3;

describe('answerProblem', () => {
  it.each<Answer>([
    { kind: 'losses', loss: 0 },
    { kind: 'losses', loss: -1e-7 },
    { kind: 'logits', logits: [-1000, 0, 3] },
    { kind: 'probabilities', probabilities: [0, 0.333, 0.667] },
    { kind: 'probabilities', probabilities: [0.33, 0.33, 0.33] },
    { kind: 'top probabilities', classes: [2, 0], probabilities: [0.6, 0.3] },
    { kind: 'labels', classes: [2] },
    { kind: 'labels', classes: [2, 0, 1] },
  ])('finds nothing wrong with %j', (answer) => {
    expect(answerProblem(answer, classes)).toBeUndefined();
  });

  it.each<[Answer, string]>([
    [{ kind: 'losses', loss: NaN }, 'loss: found NaN, expected finite numbers that float32 can hold'],
    [
      { kind: 'logits', logits: [1, Infinity, 0] },
      'logits: found Infinity, expected finite numbers that float32 can hold',
    ],
    [{ kind: 'losses', loss: 1e200 }, 'loss: found 1e+200, expected finite numbers that float32 can hold'],
    [{ kind: 'logits', logits: [1, 2] }, 'logits: found 2, expected one for each of 3 classes'],
    [
      { kind: 'probabilities', probabilities: [0.5, 0.5] },
      'probabilities: found 2, expected one for each of 3 classes',
    ],
    [{ kind: 'probabilities', probabilities: [0.9, 0.9, 0.2] }, 'probabilities: they sum to 2, expected 1'],
    [{ kind: 'probabilities', probabilities: [0.1, 0.1, 0.1] }, 'probabilities: they sum to 0.3, expected 1'],
    [
      { kind: 'probabilities', probabilities: [-0.2, 0.6, 0.6] },
      'probabilities: found -0.2, expected numbers in [0, 1]',
    ],
    [{ kind: 'probabilities', probabilities: [NaN, 0.5, 0.5] }, 'probabilities: found NaN, expected numbers in [0, 1]'],
    [{ kind: 'labels', classes: [3] }, 'classes: found 3, expected whole numbers in 0..2'],
    [{ kind: 'labels', classes: [0.5] }, 'classes: found 0.5, expected whole numbers in 0..2'],
    [{ kind: 'labels', classes: [] }, 'classes: found none, expected at least one'],
    [{ kind: 'labels', classes: [1, 1] }, 'classes: found 1, 1, expected each once'],
    [
      { kind: 'top probabilities', classes: [0, 1], probabilities: [1] },
      'probabilities: found 1, expected one for each of the 2 classes',
    ],
    [
      { kind: 'top probabilities', classes: [0, 1], probabilities: [0.2, 0.5] },
      'probabilities: found 0.2, 0.5, expected the largest first',
    ],
    [
      { kind: 'top probabilities', classes: [0, 1], probabilities: [0.9, 0.8] },
      'probabilities: they sum to 1.7, expected at most 1',
    ],
  ])('says what is wrong with %j', (answer, problem) => {
    expect(answerProblem(answer, classes)).toBe(problem);
  });
});
