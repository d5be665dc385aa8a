import {
  decoyPower,
  leastDecoyLog10P,
  neededAdvantage,
  neededCosine,
  neededDraws,
  typicalDecoyLog10P,
} from '@radiotracer/stats';
import { measuredEffects, type MeasuredEffect } from './measured-effects.ts';
import type { MarkingPlan } from './marking-plan.ts';

/** An effect, and how the decoy test would come out on it. */
export interface PlannedEffect {
  /** Sds of the scores within a draw. */
  readonly advantage: number;
  /** How often a suspect is detected. */
  readonly power: number;
  /** log10 of the median p-value. */
  readonly typicalLog10P: number;
  /** Absent for an effect that nobody measured, but that the plan could just detect so often. */
  readonly measured?: Omit<MeasuredEffect, 'advantage'>;
}

/** What could be detected of a plan, before anything is marked. */
export interface Power {
  readonly plan: MarkingPlan;
  /** log10 of the smallest p-value that there can be. */
  readonly leastLog10P: number;
  /** Growing in their advantage; measured ones only where a draw belongs to an image, as nobody measured others. */
  readonly effects: readonly PlannedEffect[];
  /** Draws that would detect the first measured effect in 9 suspects of 10; null where no measured one applies. */
  readonly drawsForFirstMeasured: number | null;
  /** Mean cosine of class weight and carrier that the white-box test needs to detect half and 9 in 10 of suspects. */
  readonly whiteBox: { readonly dimension: number; readonly stouffer: CosineNeeds; readonly fisher: CosineNeeds };
}

interface CosineNeeds {
  readonly half: number;
  readonly nineInTen: number;
}

/** The share of suspects that "found" means where nothing else is said. */
export const usualPower = 0.9;

/**
 * @param dimension - features of the marking network
 */
export function powerOf(plan: MarkingPlan, dimension: number): Power {
  const { draws, versions, classes, marked, level } = plan;
  const log10Level = Math.log10(level);
  const outcome = (advantage: number): PlannedEffect => ({
    advantage,
    power: decoyPower(advantage, draws, log10Level),
    typicalLog10P: typicalDecoyLog10P(advantage, draws, versions),
  });
  const cosines = (combination: 'stouffer' | 'fisher'): CosineNeeds => {
    const test = { classes: Math.min(classes, marked), dimension, log10Level, combination };
    return { half: neededCosine(0.5, test), nineInTen: neededCosine(usualPower, test) };
  };
  const needed = [0.5, usualPower].map((power) => outcome(neededAdvantage(power, draws, log10Level)));
  const applies = plan.carrierUnit === 'image';
  const measured = (applies ? measuredEffects : []).map(({ advantage, ...rest }) => ({
    ...outcome(advantage),
    measured: rest,
  }));
  return {
    plan,
    leastLog10P: leastDecoyLog10P(draws, versions),
    effects: [...needed, ...measured].sort((a, b) => a.advantage - b.advantage),
    drawsForFirstMeasured: applies ? neededDraws(usualPower, firstMeasured.advantage, log10Level) : null,
    whiteBox: { dimension, stouffer: cosines('stouffer'), fisher: cosines('fisher') },
  };
}

/** The effect that others are compared with. */
export const firstMeasured = measuredEffects[0] as MeasuredEffect;
