import { classCosines } from './class-cosines.ts';
import { excessWeights } from './excess-weights.ts';
import type { WhiteBoxEvidence } from './types.ts';
import { parseWeights } from './weights-text.ts';

/**
 * The cosines of the class weights that evidence recorded with any directions, be they the key's or anybody's.
 *
 * @returns by the unit vectors u_c in R^D by class, null where there is none; undefined where no weights were recorded
 * @throws InvalidEvidenceError if the weights are not so many, or not finite
 */
export function recordedCosines({
  alignedWeights,
  referenceWeights,
  dimension,
  cosine: { length: classes },
}: WhiteBoxEvidence):
  ((directions: readonly (Float32Array | null)[]) => Pick<WhiteBoxEvidence, 'cosine' | 'excessCosine'>) | undefined {
  if (alignedWeights === undefined) return undefined;
  const parse = (field: string, text: string) => parseWeights(`whiteBox.${field}`, text, classes, dimension);
  const weights = parse('alignedWeights', alignedWeights);
  const references = referenceWeights?.map((text, i) => parse(`referenceWeights[${i}]`, text));
  const excess = references && excessWeights(weights, references, classes);
  return (directions) => ({
    cosine: classCosines(weights, directions),
    excessCosine: excess && classCosines(excess, directions),
  });
}
