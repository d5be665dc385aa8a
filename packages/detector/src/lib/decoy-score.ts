import { InvalidEvidenceError } from './errors.ts';
import type { Evidence } from './types.ts';

/**
 * Share of the reference network's loss that is taken off the suspect's loss on the same version.
 *
 * Part of the noise is that some versions are harder than others for any network; a reference that never saw the draw
 * knows which. All of its loss would bring its own noise with it; in development, at 1 % of CIFAR-10, half of it gave
 * the most power of the weights tried (z from 3.0 to 7.0). Registered here, before any verdict: whoever tries several
 * weights on a suspect and reports the best has no valid p-value.
 */
export const referenceLossWeight = 0.5;

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
  weight = referenceLossWeight,
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
