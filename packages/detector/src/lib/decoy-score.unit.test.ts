import { describe, expect, it } from '@jest/globals';
import { decoyScores, referenceLossWeight } from './decoy-score.ts';

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
  it('takes the given share of the reference loss off, and sums over the images of a draw', () => {
    expect(decoyScores({ marked }, 0.5)).toEqual({
      scores: [
        [-1.5 - 3, 0 + 0],
        [-3, -5],
      ],
      published: [1, 0],
    });
  });

  it('takes off as much as the fitted weight says', () => {
    expect(decoyScores({ marked })).toEqual(decoyScores({ marked }, referenceLossWeight({ marked })));
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

describe('referenceLossWeight', () => {
  it('is the least-squares slope of the suspect’s losses within images', () => {
    // Deviations within images: suspect ±0.5, ±1, ±1.25; reference ∓0.5, 0, ∓0.5.
    expect(referenceLossWeight({ marked })).toBeCloseTo((-0.25 - 0.625) / (0.25 + 0.25), 12);
    const suspectLoss = marked.referenceLoss.map((losses, i) => losses.map((loss) => 10 * i + 0.7 * loss));
    expect(referenceLossWeight({ marked: { ...marked, suspectLoss } })).toBeCloseTo(0.7, 12);
  });

  it('does not depend on which version was published', () => {
    expect(referenceLossWeight({ marked: { ...marked, published: [0, 1, 0] } })).toBe(referenceLossWeight({ marked }));
  });

  it('is 0 where the reference tells no version of an image from another', () => {
    const referenceLoss = [
      [1, 1],
      [2, 2],
      [0, 0],
    ];
    expect(referenceLossWeight({ marked: { ...marked, referenceLoss } })).toBe(0);
  });
});
