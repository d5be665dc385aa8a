import { createHash } from 'node:crypto';
import { carrier, MarkingKey, SecretStream } from '@radiotracer/carriers';
import { decoyNull } from '@radiotracer/stats';
import { decoyScores } from './decoy-score.ts';
import { correctedTest, rawTest } from './exact-decoy-test.ts';
import { lossComparison } from './loss-comparison.ts';
import { recordedCosines } from './recorded-cosines.ts';
import type { Evidence } from './types.ts';
import { whiteBoxTests } from './white-box-test.ts';

/** A test's log10 p-values, one for each redraw. */
export interface RedrawnTest {
  readonly test: string;
  readonly log10Ps: readonly number[];
}

/**
 * What the tests would have said of a model if other versions had been published, and other carriers drawn, many times
 * over. No model knows these, not even one that was trained on what was published, so the p-values of a test that is
 * calibrated are uniform, independent of one another given the model. The draws are those of a key, made from the seed:
 * the same every time.
 *
 * @param redraws - how often, ≥ 1
 * @returns the tests that judge this model, in the order in which a verdict shows them, but for the anytime-valid
 *   one, whose p-values are only bounds; and the withdrawn one. So there are none where the suspect was asked about the
 *   first draws only
 * @throws InvalidEvidenceError as `judgeEvidence`
 */
export function redrawTests(evidence: Evidence, redraws: number, seed: string): RedrawnTest[] {
  const key = new MarkingKey(createHash('sha256').update(`radiotracer/redraw/${seed}`).digest());
  const publications = redrawPublished(evidence, redraws, key);
  const draws = (weight?: number): number[] => {
    const log10P = decoyNull(decoyScores(evidence, weight).scores);
    return publications.map(({ draws }) => log10P(draws));
  };
  const compared = publications.map(({ images }) =>
    lossComparison({ ...evidence, marked: { ...evidence.marked, published: images } }),
  );
  return [
    ...(evidence.totalDraws === undefined
      ? [
          { test: correctedTest, log10Ps: draws() },
          { test: rawTest, log10Ps: draws(0) },
        ]
      : []),
    ...byTest(redrawCosines(evidence, redraws, key).map((whiteBox) => whiteBoxTests({ whiteBox }))),
    ...byTest(compared.map((result) => (result ? [result] : []))),
  ];
}

/** Published versions, by draw and by image. */
function redrawPublished(
  { marked }: Evidence,
  redraws: number,
  key: MarkingKey,
): { draws: number[]; images: number[] }[] {
  const versions = marked.suspectLoss[0]?.length ?? 0;
  const groups = [...new Set(marked.group)]; // in the order of `decoyScores`
  const stream = new SecretStream(key, 'redraw/published');
  return Array.from({ length: redraws }, () => {
    const drawn = new Map(groups.map((group) => [group, stream.uniformInt(versions)]));
    return { draws: [...drawn.values()], images: marked.group.map((group) => drawn.get(group) as number) };
  });
}

/** Cosines with other carriers; none where the weights were not seen, or not recorded. */
function redrawCosines({ whiteBox }: Evidence, redraws: number, key: MarkingKey): Evidence['whiteBox'][] {
  const cosines = whiteBox && recordedCosines(whiteBox);
  if (whiteBox === undefined || cosines === undefined) return [];
  const { cosine, dimension } = whiteBox;
  return Array.from({ length: redraws }, (_, version) => {
    const directions = cosine.map((value, index) =>
      value === null ? null : carrier(key, { unit: 'class', index, version, dimension }),
    );
    return { ...whiteBox, ...cosines(directions) };
  });
}

/** Results by redraw → p-values by test; tests that a model does not have are left out. */
function byTest(redrawn: readonly (readonly { test: string; log10P: number }[])[]): RedrawnTest[] {
  return (redrawn[0] ?? []).map(({ test }, i) => ({
    test,
    log10Ps: redrawn.map((results) => results[i]?.log10P ?? NaN),
  }));
}
