import { decoyScores, type Evidence } from '@radiotracer/detector/judge';
import { decoyEValues, decoyTest, type Draws } from '@radiotracer/stats';

/** log10 of one-sided p-values, ≤ 0, of a network that should tell nothing apart. */
export interface ReferencePreference {
  /** That it prefers the published versions to their decoys. */
  readonly published: number;
  /** That it prefers the decoys. */
  readonly decoys: number;
}

/**
 * Does the marking network itself tell the published versions from their decoys? It never saw the draw, so an honest
 * publisher's answers are uniform p-values, exactly.
 *
 * A small one either way means that no verdict stands, though all else holds. If it prefers the published versions, any
 * network would: such as natural images beside spoilt ones. If it prefers the decoys, any innocent suspect seems to prefer
 * what was published, as its losses are taken off the suspect's. Neither can be made for a draw, which follows from versions
 * and network: so draws were tried until one fitted, or the recorded losses are not what the networks gave.
 *
 * @returns of the first draws only, whose number the suspect's answers decided, anytime-valid p-values, which are bounds:
 *   these answers may have something in common with the marking network's
 */
export function referencePreference({
  marked,
  totalDraws,
}: Pick<Evidence, 'marked' | 'totalDraws'>): ReferencePreference {
  const { scores, published } = decoyScores({ marked: { ...marked, suspectLoss: marked.referenceLoss } }, 0);
  const log10P = totalDraws === undefined ? (draws: Draws) => decoyTest(draws).log10P : anytimeLog10P;
  const opposite = scores.map((row) => row.map((score) => -score));
  return { published: log10P({ scores, published }), decoys: log10P({ scores: opposite, published }) };
}

function anytimeLog10P(draws: Draws): number {
  return 0 - decoyEValues(draws).reduce((most, value) => Math.max(most, value), 0);
}
