import fc from 'fast-check';
import type { Draws } from '../src/lib/draws.ts';
import { normalSample } from './rng.ts';

/** Draws of up to five rows with one to four scores each, few enough to enumerate. */
export function smallDraws(score: fc.Arbitrary<number>): fc.Arbitrary<Draws> {
  const row = fc
    .array(score, { minLength: 1, maxLength: 4 })
    .chain((scores) => fc.record({ scores: fc.constant(scores), published: fc.nat(scores.length - 1) }));
  return fc
    .array(row, { minLength: 1, maxLength: 5 })
    .map((rows) => ({ scores: rows.map((r) => r.scores), published: rows.map((r) => r.published) }));
}

/** Every sum that some choice of versions has. */
export function enumerateSums(scores: readonly (readonly number[])[]): number[] {
  return scores.reduce<number[]>((sums, row) => row.flatMap((score) => sums.map((sum) => sum + score)), [0]);
}

export function sumOfPublished({ scores, published }: Draws): number {
  return scores.reduce((sum, row, i) => sum + (row[published[i] as number] as number), 0);
}

export function shareAtLeast(sums: readonly number[], threshold: number): number {
  return sums.filter((sum) => sum >= threshold).length / sums.length;
}

/** n draws of V versions with normal scores, the published one drawn uniformly and its score raised by `effect`. */
export function simulateDraws(rng: () => number, n: number, versions: number, effect = 0): Draws {
  const published = Array.from({ length: n }, () => Math.floor(rng() * versions));
  const scores = published.map((drawn) =>
    Array.from({ length: versions }, (_, v) => normalSample(rng) + (v === drawn ? effect : 0)),
  );
  return { scores, published };
}
