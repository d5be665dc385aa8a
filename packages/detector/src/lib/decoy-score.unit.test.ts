import { describe, expect, it } from '@jest/globals';
import { decoyScores } from './decoy-score.ts';

const marked = {
  label: [0, 1, 0],
  group: [7, 3, 7],
  published: [1, 0, 1],
  suspectLoss: [
    [2, 1],
    [4, 6],
    [3, 0.5],
  ],
  referenceLoss: [
    [1, 2],
    [2, 2],
    [0, 1],
  ],
};

describe('decoyScores', () => {
  it('takes half of the reference loss off, and sums over the images of a draw', () => {
    expect(decoyScores({ marked })).toEqual({
      scores: [
        [-1.5 - 3, 0 + 0],
        [-3, -5],
      ],
      published: [1, 0],
    });
  });

  it('with weight 0 looks at the raw losses', () => {
    expect(decoyScores({ marked }, 0).scores).toEqual([
      [-5, -1.5],
      [-4, -6],
    ]);
  });

  it('refuses a draw with two published versions, and names image and group', () => {
    expect(() => decoyScores({ marked: { ...marked, published: [1, 0, 0] } })).toThrow(
      'detector: evidence: marked.published[2] is 0, but 1 in another image of group 7; a group shares one draw',
    );
  });
});
