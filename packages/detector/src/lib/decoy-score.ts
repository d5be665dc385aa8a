import { InvalidEvidenceError } from './errors.ts';
import type { MarkedImages } from './marked-images.ts';
import type { Evidence } from './types.ts';

/**
 * Of the definition of the score, which a publisher commits to before a release: one more with every change of it. In
 * the second, losses of networks are means over `views`.
 */
export const scoreVersion = 2;

/**
 * Share of the reference network's loss that best predicts the suspect's loss on the same version: the least-squares
 * slope within images, over all versions alike.
 *
 * Some versions are harder than others for any network; a reference that never saw the draw knows which. How much of
 * its loss to take off, the suspect's own losses say best: the slope depends on all of them and not on which were
 * published, so it is as fixed under the null hypothesis as they are, and nobody can tune it.
 */
export class ReferenceSlope {
  private products = 0;
  private squares = 0;

  /** Takes in one image: the losses of its versions, [V] each. */
  add(suspectLoss: readonly number[], referenceLoss: readonly number[]): void {
    const mean = referenceLoss.reduce((sum, loss) => sum + loss, 0) / referenceLoss.length;
    const [first = NaN] = suspectLoss; // taken off, so that equal losses give 0, and not what rounding leaves
    referenceLoss.forEach((loss, v) => {
      this.products += (loss - mean) * ((suspectLoss[v] ?? NaN) - first);
      this.squares += (loss - mean) ** 2;
    });
  }

  /** The slope over the images so far; 0 where the reference tells no version of them from another. */
  get weight(): number {
    return this.squares === 0 ? 0 : this.products / this.squares;
  }
}

/** The slope over all images, see `ReferenceSlope`. */
export function referenceLossWeight({ marked }: Pick<Evidence, 'marked'>): number {
  const slope = new ReferenceSlope();
  marked.suspectLoss.forEach((suspectLoss, i) => slope.add(suspectLoss, marked.referenceLoss[i] ?? []));
  return slope.weight;
}

/** The images that share a draw, and the version that was drawn for them. */
export interface MarkedDraw {
  /** Their places in the evidence. */
  readonly images: readonly number[];
  readonly published: number;
}

/**
 * The draws of the evidence, in the order of their first images.
 *
 * @throws InvalidEvidenceError if images of one group have different published versions
 */
export function drawsOf({ marked }: { readonly marked: MarkedImages }): MarkedDraw[] {
  const draws = new Map<number, { images: number[]; published: number }>();
  marked.group.forEach((group, i) => {
    const published = marked.published[i] ?? NaN;
    const draw = draws.get(group);
    if (draw === undefined) {
      draws.set(group, { images: [i], published });
    } else if (draw.published === published) {
      draw.images.push(i);
    } else {
      const reason = `is ${published}, but ${draw.published} in another image of group ${group}; a group shares one draw`;
      throw new InvalidEvidenceError(`marked.published[${i}]`, reason);
    }
  });
  return [...draws.values()];
}

/**
 * How much the suspect prefers each version of the images of one draw: the larger, the more.
 *
 *   s_v = −Σ_i (suspectLoss_iv − weight · referenceLoss_iv)
 *
 * The secret draw enters neither score nor reference network. So if the suspect never saw what was published, the
 * published version's score is one of V exchangeable ones, whatever the weight: it decides on power, not on validity.
 *
 * @returns [V], in nats
 */
export function decoyScore({ marked }: Pick<Evidence, 'marked'>, images: readonly number[], weight: number): number[] {
  const versions = marked.suspectLoss[images[0] ?? NaN] ?? [];
  return versions.map((_, v) =>
    images.reduce(
      (sum, i) => sum + weight * (marked.referenceLoss[i]?.[v] ?? NaN) - (marked.suspectLoss[i]?.[v] ?? NaN),
      0,
    ),
  );
}

/**
 * The scores of all draws, see `decoyScore`, at one weight.
 *
 * @returns scores [draws, V], in nats, and the published version of each draw, in 0..V−1
 * @throws InvalidEvidenceError if images of one group have different published versions
 */
export function decoyScores(
  evidence: Pick<Evidence, 'marked'>,
  weight = referenceLossWeight(evidence),
): { scores: number[][]; published: number[] } {
  const draws = drawsOf(evidence);
  return {
    scores: draws.map(({ images }) => decoyScore(evidence, images, weight)),
    published: draws.map(({ published }) => published),
  };
}
