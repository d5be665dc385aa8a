import { describe, expect, it } from '@jest/globals';
import type { Answer } from './answer.ts';
import { answerReader, answerRow } from './answer-columns.ts';

const classNames = ['cat', 'dog', 'eel'];
const read = (values: Record<string, unknown>): unknown => answerReader(Object.keys(values), classNames)(values);

describe('answerReader', () => {
  it.each<[Record<string, unknown>, unknown]>([
    [
      { id: 'a', loss: '1.5' },
      { kind: 'losses', loss: 1.5 },
    ],
    [
      { logit_0: '1', logit_1: '-2e0', logit_2: '0' },
      { kind: 'logits', logits: [1, -2, 0] },
    ],
    [{ logits: [1, 2, 3] }, { kind: 'logits', logits: [1, 2, 3] }],
    [{ logits: Float32Array.of(1, 2, 3) }, { kind: 'logits', logits: [1, 2, 3] }],
    [{ logits: '[1, 2, 3]' }, { kind: 'logits', logits: [1, 2, 3] }],
    [
      { probability_0: 0.5, probability_1: 0.5 },
      { kind: 'probabilities', probabilities: [0.5, 0.5] },
    ],
    [{ label: 'eel' }, { kind: 'labels', classes: [2] }],
    [{ label: 1n }, { kind: 'labels', classes: [1] }],
    [
      { top_1: 'dog', top_2: '0' },
      { kind: 'labels', classes: [1, 0] },
    ],
    [{ top: ['dog', 'cat'] }, { kind: 'labels', classes: [1, 0] }],
    [
      { top_1: 'dog', top_2: 'cat', top_probability_1: '0.6', top_probability_2: '0.3' },
      { kind: 'top probabilities', classes: [1, 0], probabilities: [0.6, 0.3] },
    ],
  ])('reads %j', (values, answer) => {
    expect(read(values)).toEqual(answer);
  });

  it('takes of several kinds the one that tells most', () => {
    expect(read({ label: 'dog', logits: [1, 2, 3], loss: 2 })).toMatchObject({ kind: 'losses' });
    expect(read({ label: 'dog', probabilities: [1, 0, 0] })).toMatchObject({ kind: 'probabilities' });
  });

  it('takes names of classes before their numbers', () => {
    expect(answerReader(['label'], ['1', '0'])({ label: '1' })).toEqual({ kind: 'labels', classes: [0] });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ id: 'a', answer: 1 }, 'found the columns id, answer, expected id and one of: loss; logit_0'],
    [{ loss: '' }, 'loss: found nothing, expected a finite number'],
    [{ loss: ' ' }, 'loss: found " ", expected a finite number'],
    [{ loss: null }, 'loss: found nothing, expected a finite number'],
    [{ loss: true }, 'loss: found true, expected a finite number'],
    [{ loss: 'nan' }, 'loss: found "nan", expected a finite number'],
    [{ loss: Infinity }, 'loss: found Infinity, expected a finite number'],
    [{ logits: '1 2 3' }, 'logits: found "1 2 3", expected a list such as [0.1, 0.9]'],
    [
      { label: 'cow' },
      'class: found "cow", expected the name of one of the 3 classes of the corpus, or its number in 0..2',
    ],
    [{ label: '' }, 'class: found nothing'],
    [{ label: ' ' }, 'class: found " "'],
    [{ label: false }, 'class: found false'],
    [{ top: [[1]] }, 'class: found 1'],
    [{ label: 3 }, 'class: found 3'],
  ])('refuses %j', (values, message) => {
    expect(() => read(values)).toThrow(message);
  });
});

it.each<Answer>([
  { kind: 'losses', loss: 1.5 },
  { kind: 'logits', logits: [1, -2, 0] },
  { kind: 'probabilities', probabilities: [0.5, 0.25, 0.25] },
  { kind: 'top probabilities', classes: [1, 0], probabilities: [0.6, 0.3] },
  { kind: 'labels', classes: [2, 0] },
])('answerRow writes %j as answerReader reads it, though classes have names of numbers', (answer) => {
  for (const names of [classNames, ['2', '0', '1']]) {
    const row = JSON.parse(JSON.stringify(answerRow(answer, names)));
    expect(answerReader(Object.keys(row), names)(row)).toEqual(answer);
  }
});
