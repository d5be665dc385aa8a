/** What was published, and how every version that could have been scores. */
export interface Draws {
  /** One row per draw, one score per version; rows may differ in length. Higher: more like trained on. [n][V_i] */
  readonly scores: readonly (readonly number[])[];
  /** Index of the version that was drawn and published, by row; [n], each in 0..V_i − 1. */
  readonly published: readonly number[];
}

/**
 * Refuses draws that no test can judge.
 *
 * @throws RangeError if there is no draw, the lengths differ, a row is empty, a score is NaN or infinite, or a published
 *   index is no index of its row (message names the row, the version and the value)
 */
export function checkDraws(test: string, { scores, published }: Draws): void {
  if (scores.length === 0) throw new RangeError(`${test}: needs at least one draw`);
  if (published.length !== scores.length) {
    throw new RangeError(`${test}: ${scores.length} rows of scores but ${published.length} published versions`);
  }
  scores.forEach((row, i) => {
    row.forEach((score, v) => {
      if (!Number.isFinite(score)) {
        throw new RangeError(`${test}: scores must be finite, row ${i} version ${v} is ${score}`);
      }
    });
    const drawn = published[i] as number;
    if (!Number.isInteger(drawn) || drawn < 0 || drawn >= row.length) {
      throw new RangeError(
        `${test}: published must be an index of the ${row.length} versions of row ${i}, got ${drawn}`,
      );
    }
  });
}
