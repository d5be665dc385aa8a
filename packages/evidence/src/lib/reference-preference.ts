import { decoyScores, type Evidence } from '@radiotracer/detector/judge';
import { decoyEValues, decoyTest } from '@radiotracer/stats';

/**
 * Does the marking network itself prefer the published versions to their decoys? It never saw the draw, so an honest
 * publisher's answer is a uniform p-value, exactly.
 *
 * A small one means that published versions are not made as their decoys are: such as natural images beside spoilt ones,
 * put where the key draws, which any network would prefer. A commitment alone does not exclude that, as the publisher
 * knows the draw when he makes the versions.
 *
 * @returns log10 of the one-sided p-value, ≤ 0. Of the first draws only, whose number the suspect's answers decided, it is
 *   the anytime-valid one, a bound: these answers may have something in common with the marking network's
 */
export function referencePreference({ marked, totalDraws }: Pick<Evidence, 'marked' | 'totalDraws'>): number {
  const draws = decoyScores({ marked: { ...marked, suspectLoss: marked.referenceLoss } }, 0);
  if (totalDraws === undefined) return decoyTest(draws).log10P;
  return 0 - decoyEValues(draws).reduce((most, value) => Math.max(most, value), 0);
}
