import { decoyScores, type Evidence } from '@radiotracer/detector/judge';
import { decoyTest } from '@radiotracer/stats';

/**
 * Does the marking network itself prefer the published versions to their decoys? It never saw the draw, so an honest
 * publisher's answer is a uniform p-value, exactly.
 *
 * A small one means that published versions are not made as their decoys are: such as natural images beside spoilt ones,
 * put where the key draws, which any network would prefer. A commitment alone does not exclude that, as the publisher
 * knows the draw when he makes the versions.
 *
 * @returns log10 of the one-sided p-value, ≤ 0
 */
export function referencePreference({ marked }: Pick<Evidence, 'marked'>): number {
  const { scores, published } = decoyScores({ marked: { ...marked, suspectLoss: marked.referenceLoss } }, 0);
  return decoyTest({ scores, published }).log10P;
}
