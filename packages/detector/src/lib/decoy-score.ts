import { InvalidEvidenceError } from './errors.ts';
import type { Evidence } from './types.ts';

/** Of the definition of the score, which a publisher commits to before a release: one more with every change of it. */
export const scoreVersion = 1;

/**
 * Share of the reference network's loss that best predicts the suspect's loss on the same version: the least-squares
 * slope within images, over all versions alike.
 *
 * Some versions are harder than others for any network; a reference that never saw the draw knows which. How much of
 * its loss to take off, the suspect's own losses say best: the slope depends on all of them and not on which were
 * published, so it is as fixed under the null hypothesis as they are, and nobody can tune it.
 *
 * @returns 0 where the reference tells no version of an image from another
 */
export function referenceLossWeight({ marked }: Pick<Evidence, 'marked'>): number {
  let [products, squares] = [0, 0];
  marked.referenceLoss.forEach((reference, i) => {
    const mean = reference.reduce((sum, loss) => sum + loss, 0) / reference.length;
    reference.forEach((loss, v) => {
      products += (loss - mean) * (marked.suspectLoss[i]?.[v] ?? NaN);
      squares += (loss - mean) ** 2;
    });
  });
  return squares === 0 ? 0 : products / squares;
}

/**
 * How much the suspect prefers each version, by draw: the larger, the more.
 *
 *   s_iv = −(suspectLoss_iv − weight · referenceLoss_iv),  summed over the images i that share a draw
 *
 * The secret draw enters neither score nor reference network. So if the suspect never saw what was published, the
 * published version's score is one of V exchangeable ones, whatever the weight: it decides on power, not on validity.
 *
 * @returns scores [draws, V], in nats, and the published version of each draw, in 0..V−1
 * @throws InvalidEvidenceError if images of one group have different published versions
 */
export function decoyScores(
  { marked }: Pick<Evidence, 'marked'>,
  weight = referenceLossWeight({ marked }),
): { scores: number[][]; published: number[] } {
  const draws = new Map<number, { scores: number[]; published: number }>();
  marked.group.forEach((group, i) => {
    const published = marked.published[i] ?? NaN;
    const reference = marked.referenceLoss[i] ?? [];
    const scores = (marked.suspectLoss[i] ?? []).map((loss, v) => weight * (reference[v] ?? NaN) - loss);
    const draw = draws.get(group);
    if (draw && draw.published !== published) {
      const reason = `is ${published}, but ${draw.published} in another image of group ${group}; a group shares one draw`;
      throw new InvalidEvidenceError(`marked.published[${i}]`, reason);
    }
    draws.set(group, { scores: draw ? draw.scores.map((score, v) => score + (scores[v] ?? NaN)) : scores, published });
  });
  return {
    scores: [...draws.values()].map(({ scores }) => scores),
    published: [...draws.values()].map(({ published }) => published),
  };
}
